import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

// Only the public half is read: a private member in the file is dropped by the schema.
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

/** A key file is read again after this long, so that keys are rotated without a restart. */
const REREAD_MS = 5_000;

type KeysById = ReadonlyMap<string, KeyObject>;

/** The public keys that sign the dashboard's tokens, by `kid`. */
export interface TokenKeys {
  /** undefined when no key has this id. */
  find(kid: string): Promise<KeyObject | undefined>;
}

/**
 * Reads DASHBOARD_TOKEN_KEYS: a JWKS as JSON text, or `file:/path` to one. Several keys are for rotation.
 * @throws Error for JSON text that is no JWKS of Ed25519 keys; a file is read when a token comes.
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
        // A file that is missing or half written is tried again with the next token.
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
