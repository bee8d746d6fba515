/** Words that name a secret, alone or as part of a key: `password`, `userPassword`, `X-Auth-Token`. */
const SECRETS: ReadonlySet<string> = new Set([
  'password',
  'passwd',
  'pwd',
  'passphrase',
  'passcode',
  'secret',
  'token',
  'jwt',
  'bearer',
  'authorization',
  'cookie',
  'credential',
  'apikey',
  'accesskey',
  'privatekey',
  'secretkey',
  'signingkey',
  'encryptionkey',
  'sessionid',
  'sessionkey',
  'otp',
  'pin',
]);

/** Words that name a secret only after another word: `api_key`, `sessionId`. `key` or `id` alone does not. */
const SECOND_WORDS: ReadonlySet<string> = new Set(['key', 'id']);

/** After a secret's name, these words mean that the value is about the secret, not the secret itself: `token_count`. */
const ABOUT: ReadonlySet<string> = new Set(
  `age algorithm allowed at attempt audience available blocked budget category change changed compliant
  confirmed consumed cost count counted created date days deleted disabled duration enabled exists expired expires
  expiration expiry failed failure family field flag forgotten format found generated granted hint hours id
  invalid issued issuer kind label last leaked length level lifetime limit limits location matched max method min
  minutes missing mode modified name number optional path policy present quota reason region remaining removed
  required requested reset result returned revoked rotated rotation rule scope scopes seconds set size source state
  status strength suspended total ttl type unlocked updated usage used user valid validated validity verified
  version weak`
    .trim()
    .split(/\s+/),
);

/** Before a secret's name, these words turn it into a count or a boolean: `max_tokens`, `hasPassword`. */
const COUNTING: ReadonlySet<string> = new Set(
  `is has had can needs requires max min num number total count remaining prompt completion input output
  cached reasoning used avg average`
    .trim()
    .split(/\s+/),
);

/** A word written without separators that ends with a secret's name: `userpassword`, `accesstoken`. */
const ENDINGS =
  /(?:password|passwd|passphrase|secret|token|cookie|credential|apikey|accesskey|privatekey|secretkey)$/;
/** A word that starts with a secret's name and ends with its form of storage: `passwordhash`. */
const BEGINNINGS = /^(?:password|secret|token|apikey|cookie)(?:hash|value|digest|salt|plain|text)$/;

/**
 * Whether the value under this key of metadata is hidden on the screen: the key holds a secret's name as a whole
 * word, in any case and with any separator (`apiKey`, `API-KEY`, `x_api_key`), and no word after it says that the
 * value is only about that secret (`PASSWORD_RESET`, `user_token_count`). Other words around it do not unhide the
 * value.
 */
export function isSensitiveKey(key: string): boolean {
  const words = wordsOf(key);
  const last = words.findLastIndex((word, index) => isSecret(word, words[index - 1]));
  if (last < 0) return false;
  if (words.slice(last + 1).some((word) => ABOUT.has(word))) return false;
  return !words.slice(0, last).some((word) => COUNTING.has(word));
}

/** `true`, `false` and `null` are never secrets, under any key. */
export function canBeSecret(value: unknown): boolean {
  return typeof value !== 'boolean' && value !== null;
}

function isSecret(word: string, before: string | undefined): boolean {
  const single = singular(word);
  if (SECRETS.has(single) || ENDINGS.test(single) || BEGINNINGS.test(single)) return true;
  if (before === undefined || !SECOND_WORDS.has(single)) return false;
  return SECRETS.has(before + single) || ENDINGS.test(before + single);
}

function singular(word: string): string {
  return word.replace(/s$/, '');
}

/** Longer keys are cut: splitting them into words would block the page. */
const MAX_KEY_LENGTH = 1000;

/** `userAPIKey`, `user-api_key` → `user`, `api`, `key` */
function wordsOf(key: string): readonly string[] {
  return key
    .slice(0, MAX_KEY_LENGTH)
    .normalize('NFKC')
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1 ')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
}
