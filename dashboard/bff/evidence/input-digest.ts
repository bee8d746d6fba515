import { createHash } from 'node:crypto';

/** Filters up to this size are kept in the row of the intent as they came; of larger ones a digest, until they are accepted. */
const MAX_KEPT_BYTES = 4 * 1024;
const SHOWN_CHARACTERS = 200;

interface InputDigest {
  readonly sha256: string;
  readonly bytes: number;
  /** The first characters. */
  readonly beginning: string;
}

/** What stands for a text that is too large to be kept. */
export function digestOf(text: string): InputDigest {
  const bytes = Buffer.from(text, 'utf8');
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
    beginning: text.slice(0, SHOWN_CHARACTERS).toWellFormed().replaceAll('\0', '\uFFFD'),
  };
}

/** Filters as a row holds them before the api has accepted them: themselves when they are small, else a digest. */
export function boundedFilters(filters: unknown): {
  readonly filters?: unknown;
  readonly filtersDigest?: InputDigest;
} {
  if (filters === undefined || filters === null) return {};
  const text = JSON.stringify(filters);
  if (Buffer.byteLength(text) <= MAX_KEPT_BYTES) return { filters };
  return { filtersDigest: digestOf(text) };
}
