import type { IncomingHttpHeaders } from 'node:http';
import parseRange from 'range-parser';
import { Problem } from '../errors.ts';
import type { ByteRange } from '../storage/artifact-store.ts';

type RangeDecision =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly range: ByteRange }
  | { readonly kind: 'not-modified' };

/** The strong entity tag of a file: its digest. */
export function entityTag(sha256: string): string {
  return `"sha256-${sha256}"`;
}

/**
 * What part of a file of `bytes` bytes a request asks for (RFC 9110, sections 13 and 14). A malformed Range,
 * several ranges and an If-Range of another version mean the whole file.
 * @throws Problem RANGE_NOT_SATISFIABLE with Content-Range
 */
export function decideRange(
  headers: IncomingHttpHeaders,
  bytes: number,
  etag: string,
): RangeDecision {
  if (matches(headers['if-none-match'], etag)) return { kind: 'not-modified' };
  const { range } = headers;
  const ifRange = headers['if-range'];
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return { kind: 'whole' };
  const ranges = parseRange(bytes, range);
  if (ranges === -1) {
    throw new Problem('RANGE_NOT_SATISFIABLE', `The file has ${bytes} bytes.`, {
      headers: { 'content-range': `bytes */${bytes}` },
    });
  }
  const [only, ...others] = ranges === -2 || ranges.type !== 'bytes' ? [] : ranges;
  if (only === undefined || others.length > 0) return { kind: 'whole' };
  return { kind: 'part', range: { start: only.start, end: only.end + 1 } };
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = new Set(ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, '')));
  return tags.has(etag) || tags.has('*');
}
