import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '../errors.ts';
import type { ByteRange } from '../storage/artifact-store.ts';
import { matchesStrongly, matchesWeakly } from './entity-tags.ts';

type RangeDecision =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly range: ByteRange }
  | { readonly kind: 'not-modified' };

/** The strong entity tag of a file: its digest. */
export function entityTag(sha256: string): string {
  return `"sha256-${sha256}"`;
}

/**
 * Decides which part of a file of `bytes` bytes to send (RFC 9110, sections 13 and 14). Conditions are evaluated in the
 * order of section 13.2.2: If-Match, If-None-Match, If-Range. A file has no Last-Modified, so conditions on dates are
 * ignored, as that section requires. Several ranges, a unit other than bytes and an If-Range of another version mean the
 * whole file.
 *
 * The package range-parser is not used: it rejects `bytes=-N` with N larger than the file, which means the whole file,
 * and unknown units, which must be ignored.
 * @throws Problem PRECONDITION_FAILED; RANGE_NOT_SATISFIABLE with Content-Range, also for a malformed range
 */
export function decideRange(
  headers: IncomingHttpHeaders,
  bytes: number,
  etag: string,
): RangeDecision {
  const { range, 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  if (ifMatch !== undefined && !matchesStrongly(ifMatch, etag)) {
    throw new Problem(
      'PRECONDITION_FAILED',
      'The file is not the version in If-Match. The ETag header has the current version.',
    );
  }
  if (ifNoneMatch !== undefined && matchesWeakly(ifNoneMatch, etag))
    return { kind: 'not-modified' };
  const ifRange = headers['if-range'];
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return { kind: 'whole' };
  const [unit, specifier = ''] = range.split('=', 2);
  if (unit?.trim().toLowerCase() !== 'bytes' || specifier.includes(',')) return { kind: 'whole' };
  const part = parseByteRange(specifier.trim(), bytes);
  if (part !== undefined) return { kind: 'part', range: part };
  throw new Problem(
    'RANGE_NOT_SATISFIABLE',
    `The range is outside the file, which has ${bytes} bytes.`,
    {
      headers: { 'content-range': `bytes */${bytes}` },
    },
  );
}

/** Parses `first-last`, `first-` or `-suffix`; undefined if it is malformed or contains no byte of the file. */
function parseByteRange(specifier: string, bytes: number): ByteRange | undefined {
  const [, first, last] = /^(\d*)-(\d*)$/.exec(specifier) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1);
  return start < end ? { start, end } : undefined;
}
