import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { openTokenKeys } from '../server/src/tenancy/token-keys.ts';

const TEST_KID = 'test';
const pair = generateKeyPairSync('ed25519');

/** The JWKS with the key that signs test tokens. */
export const TEST_JWKS = JSON.stringify({
  keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid: TEST_KID }],
});

export const testTokenKeys = openTokenKeys(TEST_JWKS);

interface SignOptions {
  readonly key?: Parameters<SignJWT['sign']>[0];
  readonly header?: Readonly<Record<string, unknown>>;
}

/** Signs a token like the dashboard. `claims` override those of a valid token; undefined removes a claim. */
export function signTestToken(
  claims: Readonly<Record<string, unknown>>,
  { key = pair.privateKey, header = {} }: SignOptions = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const times = { iss: 'exhibit-dashboard', aud: 'us', jti: randomUUID(), iat: now, exp: now + 50 };
  return new SignJWT({ ...times, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: TEST_KID, ...header })
    .sign(key);
}
