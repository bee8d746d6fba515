import { createHash } from 'node:crypto';

/** Filters up to this size are stored in the intent's row as received; larger filters as a digest until the api accepts them. */
const MAX_KEPT_BYTES = 4 * 1024;
const SHOWN_CHARACTERS = 200;

interface InputDigest {
  readonly sha256: string;
  readonly bytes: number;
  /** The first characters. */
  readonly beginning: string;
}

/** Replaces a text that is too large to store. */
export function digestOf(text: string): InputDigest {
  const bytes = Buffer.from(text, 'utf8');
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
    beginning: text.slice(0, SHOWN_CHARACTERS).toWellFormed().replaceAll('\0', '\uFFFD'),
  };
}

/** Filters as stored before the api has accepted them: unchanged if they are small, otherwise a digest. */
export function boundedFilters(filters: unknown): {
  readonly filters?: unknown;
  readonly filtersDigest?: InputDigest;
} {
  if (filters === undefined || filters === null) return {};
  const text = JSON.stringify(filters);
  if (Buffer.byteLength(text) <= MAX_KEPT_BYTES) return { filters };
  return { filtersDigest: digestOf(text) };
}
