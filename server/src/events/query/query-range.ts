import { z } from 'zod';
import type { PreviousPeriod, QueryRange } from './event-query.ts';
import { fieldDescriptions, strictFields } from '../json/strict-fields.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const UNIT_MS = new Map([
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', DAY_MS],
  ['w', WEEK_MS],
]);
const MAX_LAST_MS = 3650 * DAY_MS;

const fields = strictFields({
  last: z
    .string()
    .refine((text) => lastMs(text) !== undefined, {
      error: 'must be a positive whole number and m, h, d or w, such as 24h; at most 3650d',
    })
    .optional()
    .describe('The time up to now: a whole number and m, h, d or w, such as `24h`; at most 3650d.'),
  previous: z
    .enum(['day', 'week', 'month'])
    .optional()
    .describe('The whole day, week (from Monday) or month before the current one, in UTC.'),
});

export const queryRange = fields.transform((range, context): QueryRange => {
  if (range.last !== undefined && range.previous === undefined) return { last: range.last };
  if (range.previous !== undefined && range.last === undefined) return { previous: range.previous };
  // Zod comes here with unknown fields too; what is missing then is that name spelt right.
  if (context.issues.length > 0) return z.NEVER;
  context.addIssue({ code: 'custom', message: 'must have exactly one of last and previous' });
  return z.NEVER;
});

/** `last` and `previous`, and what each means. */
export const RANGE_FIELDS = fieldDescriptions(fields);

/** The half-open interval [from, to) in milliseconds since 1970 that `range` means at `nowMs`. */
export function rangeAt(range: QueryRange, nowMs: number): { fromMs: number; toMs: number } {
  if ('previous' in range) return previousPeriod(range.previous, nowMs);
  const ms = lastMs(range.last);
  if (ms === undefined) throw new TypeError(`Not a canonical range: ${range.last}`);
  return { fromMs: Math.max(0, nowMs - ms), toMs: nowMs };
}

function lastMs(text: string): number | undefined {
  const parts = /^([1-9]\d{0,7})([mhdw])$/.exec(text);
  const unitMs = UNIT_MS.get(parts?.[2] ?? '');
  if (parts === null || unitMs === undefined) return undefined;
  const ms = Number(parts[1]) * unitMs;
  return ms <= MAX_LAST_MS ? ms : undefined;
}

function previousPeriod(period: PreviousPeriod, nowMs: number): { fromMs: number; toMs: number } {
  const now = new Date(nowMs);
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  if (period === 'month') {
    return { fromMs: Date.UTC(year, month - 1, 1), toMs: Date.UTC(year, month, 1) };
  }
  const today = Date.UTC(year, month, day);
  if (period === 'day') return { fromMs: today - DAY_MS, toMs: today };
  const daysSinceMonday = (now.getUTCDay() + 6) % 7;
  const monday = today - daysSinceMonday * DAY_MS;
  return { fromMs: monday - WEEK_MS, toMs: monday };
}
