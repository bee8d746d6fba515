import { expect, test } from 'vitest';
import { isSensitiveKey } from './sensitive-keys.ts';

test.each([
  'password',
  'userPassword',
  'API-KEY',
  'x_api_key',
  'Set-Cookie',
  'authorization',
  'refreshToken',
  'otp',
  'card_pin',
  'clientSecret',
  'private key',
])('the value of %s is hidden', (key) => expect(isSensitiveKey(key)).toBe(true));

test.each(['shipping', 'action', 'key', 'optimised', 'session', 'author', 'spinner', 'reason'])(
  'the value of %s is shown',
  (key) => expect(isSensitiveKey(key)).toBe(false),
);
