/** Words that mark a metadata key as secret, in any case and with any separator: `apiKey`, `API-KEY`, `x_api_key`. */
const SENSITIVE = [
  'password',
  'passwd',
  'passphrase',
  'secret',
  'token',
  'authorization',
  'cookie',
  'apikey',
  'accesskey',
  'privatekey',
  'credential',
  'sessionid',
  'otp',
  'pin',
] as const;

/** Short words are only themselves: `pin` is not part of `shipping`. */
const WHOLE_ONLY: ReadonlySet<string> = new Set(['otp', 'pin']);

/** Whether the value under this key is hidden on the screen. */
export function isSensitiveKey(key: string): boolean {
  const bare = key.toLowerCase().replaceAll(/[^a-z\d]/g, '');
  const words = key.toLowerCase().split(/[^a-z\d]+/);
  return SENSITIVE.some((word) =>
    WHOLE_ONLY.has(word) ? words.includes(word) : bare.includes(word),
  );
}
