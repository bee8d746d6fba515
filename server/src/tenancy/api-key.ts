import { createHash, randomBytes } from 'node:crypto';

export const PERMISSIONS = [
  'events:write',
  'events:read',
  'exports:write',
  'exports:read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const SECRET_BYTES = 32;
const KEY = /^exh_([a-z][a-z0-9-]{0,15})_([A-Za-z0-9_-]{43})$/;

/** Creates a key, `exh_<region>_<secret>` with 256 random bits. Only its hash is stored. */
export function generateApiKey(region: string): string {
  return `exh_${region}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** Returns the region in a key, or undefined if the text is not a well-formed key. */
export function regionOfApiKey(key: string): string | undefined {
  return KEY.exec(key)?.[1];
}

/** SHA-256 of the whole key. A fast hash is sufficient, because 256 random bits cannot be guessed. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
