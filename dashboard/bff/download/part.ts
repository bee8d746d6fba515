import type { IncomingHttpHeaders } from 'node:http';
import { apiUnavailable } from '../upstream/upstream-problem.ts';

/** The part of a file that a response contains: `[start, end)` of `total` bytes. */
export interface Part {
  readonly start: number;
  readonly end: number;
  readonly total: number;
}

export interface AnswerHead {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
}

/** @throws Problem API_UNAVAILABLE if the response does not state its size */
export function partOf({ statusCode, headers }: AnswerHead): Part {
  if (statusCode === 304) return { start: 0, end: 0, total: 0 };
  const length = whole(headers['content-length']);
  if (length === undefined) throw apiUnavailable();
  if (statusCode !== 206) return { start: 0, end: length, total: length };
  const [, first, last, size] =
    /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
  const start = whole(first);
  const end = whole(last);
  const total = whole(size);
  if (
    start === undefined ||
    end === undefined ||
    total === undefined ||
    end + 1 - start !== length
  ) {
    throw apiUnavailable();
  }
  return { start, end: end + 1, total };
}

function whole(text: string | undefined): number | undefined {
  const value = text === undefined || !/^\d+$/.test(text) ? Number.NaN : Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
