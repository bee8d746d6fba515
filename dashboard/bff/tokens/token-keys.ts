import { hkdfSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type CryptoKey, importJWK } from 'jose';
import { z } from 'zod';

export interface SigningKey {
  readonly kid: string;
  readonly key: CryptoKey;
  /** Input for derived secrets; never shown. */
  readonly seed: Buffer;
}

const keySchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string().optional(),
  kid: z.string().min(1),
});
const setSchema = z.object({ keys: z.array(keySchema) });

/**
 * Reads the first private key of a JWKS, given as JSON text or as `file:/path` (DASHBOARD_TOKEN_KEYS). The api also
 * accepts the later keys: to rotate, put a new key first.
 * @throws Error with the reason, without the text of the keys
 */
export async function readSigningKey(source: string): Promise<SigningKey> {
  const text = source.startsWith('file:') ? await readFile(new URL(source), 'utf8') : source;
  const set = setSchema.safeParse(parse(text));
  const jwk = set.data?.keys.find(({ d }) => d !== undefined);
  if (jwk?.d === undefined) {
    throw new Error(
      'DASHBOARD_TOKEN_KEYS must be a JWKS with a private Ed25519 key: {"keys":[{"kty":"OKP","crv":"Ed25519","kid":…,"x":…,"d":…}]}.',
    );
  }
  const { d, ...rest } = jwk;
  const key = await importJWK({ ...rest, d }, 'EdDSA');
  if (key instanceof Uint8Array) throw new Error('DASHBOARD_TOKEN_KEYS holds no asymmetric key.');
  return { kid: jwk.kid, key, seed: Buffer.from(d, 'base64url') };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The secret that signs session cookies, the same in every dashboard process that has the same key. */
export function sessionSecret({ seed }: SigningKey): string {
  return Buffer.from(hkdfSync('sha256', seed, '', 'exhibit dashboard sessions', 32)).toString(
    'base64url',
  );
}
