import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

// The schema drops private members of the file, so that only the public key is read.
const jwks = z.object({
  keys: z.array(
    z.object({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: z.string().min(1),
      kid: z.string().min(1),
    }),
  ),
});

/** A key file is read again after this time, so that keys can be rotated without a restart. */
const REREAD_MS = 5_000;

type KeysById = ReadonlyMap<string, KeyObject>;

/** The public keys for verifying the dashboard's tokens, by `kid`. */
export interface TokenKeys {
  /** Returns undefined if no key has this id. */
  find(kid: string): Promise<KeyObject | undefined>;
}

/**
 * Reads DASHBOARD_TOKEN_KEYS: a JWKS as JSON text, or `file:/path` of one. Several keys allow rotation.
 * @throws Error if the JSON text is not a JWKS of Ed25519 keys. A file is read when a token arrives.
 */
export function openTokenKeys(source: string | undefined): TokenKeys {
  if (source === undefined) return { find: () => Promise.resolve(undefined) };
  if (source.startsWith('file:')) return keysOfFile(new URL(source));
  const keys = parseKeys(source);
  return { find: (kid) => Promise.resolve(keys.get(kid)) };
}

function keysOfFile(file: URL): TokenKeys {
  let current: Promise<KeysById> | undefined;
  let readAt = -Infinity;
  return {
    find: async (kid) => {
      if (current === undefined || performance.now() - readAt > REREAD_MS) {
        readAt = performance.now();
        current = readFile(file, 'utf8').then(parseKeys);
        // If the file is missing or incomplete, try again with the next token.
        current.catch(() => {
          current = undefined;
        });
      }
      return (await current).get(kid);
    },
  };
}

function parseKeys(text: string): KeysById {
  const parsed = jwks.safeParse(asJson(text));
  if (!parsed.success)
    throw new Error(
      'DASHBOARD_TOKEN_KEYS must be {"keys":[{"kty":"OKP","crv":"Ed25519","x":…,"kid":…}]} or file:/path to that.',
    );
  return new Map(
    parsed.data.keys.map((key) => [key.kid, createPublicKey({ key, format: 'jwk' })] as const),
  );
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
