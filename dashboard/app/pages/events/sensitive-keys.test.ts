import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canBeSecret, isSensitiveKey } from './sensitive-keys.ts';

const HIDDEN: readonly string[] = [
  'password',
  'PASSWORD',
  'userPassword',
  'user_password',
  'newPassword2',
  'passwordHash',
  'password_confirmation',
  'passwd',
  'passphrase',
  'API-KEY',
  'apiKey',
  'x_api_key',
  'X-Api-Key',
  'XAPIKey',
  'apikey',
  'apiKeys',
  'accessKey',
  'access_key',
  'aws_secret_access_key',
  'private key',
  'privateKey',
  'signing_key',
  'Set-Cookie',
  'cookie',
  'cookies',
  'authorization',
  'Authorization',
  'proxy-authorization',
  'authorization_header',
  'authorization_code',
  'token',
  'tokens',
  'refreshToken',
  'refresh_token',
  'accesstoken',
  'userpassword',
  'passwordhash',
  'clientSecret',
  'clientsecret',
  'client_secrets',
  'password_reset_token',
  'resetPasswordToken',
  'csrf-token',
  'idToken',
  'OAuthToken',
  'JWT',
  'bearer',
  'sessionId',
  'session_id',
  'sessionid',
  'credential',
  'credentials',
  'otp',
  'card_pin',
  'pin',
  'ｐａｓｓｗｏｒｄ',
];

const SHOWN: readonly string[] = [
  'user_token_count',
  'userTokenCount',
  'PASSWORD_RESET',
  'passwordReset',
  'password-reset',
  'password_changed',
  'passwordChangedAt',
  'password_hint',
  'password_policy',
  'password_expires_at',
  'passwordLength',
  'passwordless',
  'has_password',
  'isSecret',
  'token_id',
  'tokenType',
  'token_expiry',
  'tokensUsed',
  'max_tokens',
  'prompt_tokens',
  'completion_tokens',
  'secret_name',
  'secretVersion',
  'api_key_id',
  'apiKeyName',
  'cookie_policy',
  'cookieEnabled',
  'authorization_result',
  'credential_id',
  'credentialType',
  'shipping',
  'action',
  'key',
  'keys',
  'id',
  'optimised',
  'session',
  'author',
  'authority',
  'spinner',
  'reason',
  'secretary',
  'tokenizer',
  'pinned',
  'compass',
  'monkey',
  'hash',
  '',
  '🔑',
];

test.each(HIDDEN)('the value of the key %j is hidden', (key) =>
  expect(isSensitiveKey(key)).toBe(true),
);

test.each(SHOWN)('the value of the key %j is shown', (key) =>
  expect(isSensitiveKey(key)).toBe(false),
);

/** Keys in camel case only contain their words in this form. */
const plain = (keys: readonly string[]) =>
  keys.filter((key) => /^[a-z]+(?:[_ -][a-z]+)*$/.test(key));
const words = (key: string) => key.split(/[_ -]/);
const SPELLINGS: readonly ((parts: readonly string[]) => string)[] = [
  (parts) => parts.join('_'),
  (parts) => parts.join('-'),
  (parts) => parts.join('.'),
  (parts) => parts.join(' '),
  (parts) => parts.join('_').toUpperCase(),
  (parts) => parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join(''),
  ([first = '', ...rest]) =>
    first + rest.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join(''),
];

test('hiding a key does not depend on its case or separators', () => {
  const spelling = fc.constantFrom(...SPELLINGS);
  fc.assert(
    fc.property(fc.constantFrom(...plain(HIDDEN)), spelling, (key, spell) => {
      expect(isSensitiveKey(spell(words(key)))).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...plain(SHOWN)), spelling, (key, spell) => {
      expect(isSensitiveKey(spell(words(key)))).toBe(false);
    }),
  );
});

test('an unknown word before or after a secret’s name does not reveal the value', () => {
  const unknown = fc.stringMatching(/^[a-z]{1,8}$/).map((text) => `zz${text}`);
  fc.assert(
    fc.property(
      fc.constantFrom('password', 'token', 'secret', 'api_key', 'cookie'),
      unknown,
      unknown,
      (secret, before, after) => {
        expect(isSensitiveKey(`${before}_${secret}_${after}`)).toBe(true);
      },
    ),
  );
});

test('isSensitiveKey accepts any text, including very long keys', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 80 }), (key) => {
      expect(typeof isSensitiveKey(key)).toBe('boolean');
    }),
  );
  for (const letter of ['A', 'a', 'Aa', '_', '\u0301', '🔑', 'ß']) {
    const startedMs = performance.now();
    expect(isSensitiveKey(letter.repeat(200_000))).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  }
});

test('the values true, false and null are shown under any key', () => {
  expect([true, false, null, 'x', 4711, {}].map(canBeSecret)).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
});
