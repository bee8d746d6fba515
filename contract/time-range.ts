const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', DAY_MS],
  ['w', WEEK_MS],
]);
/** The longest relative range. */
export const MAX_RANGE_DAYS = 3650;

export const PREVIOUS_PERIODS = ['day', 'week', 'month'] as const;
export type PreviousPeriod = (typeof PREVIOUS_PERIODS)[number];

/** A time range that moves with the clock: `{ last: '24h' }` or `{ previous: 'month' }`. */
export type QueryRange = { readonly last: string } | { readonly previous: PreviousPeriod };

/** The half-open interval [from, to), in milliseconds since 1970, that `range` means at `nowMs`. Weeks begin on Monday, in UTC. */
export function rangeAt(range: QueryRange, nowMs: number): { fromMs: number; toMs: number } {
  if ('previous' in range) return previousPeriod(range.previous, nowMs);
  const ms = durationMs(range.last);
  if (ms === undefined) throw new TypeError(`Not a canonical range: ${range.last}`);
  return { fromMs: Math.max(0, nowMs - ms), toMs: nowMs };
}

/** `24h` → milliseconds; undefined unless it is a positive whole number and m, h, d or w, at most 3650 days. */
export function durationMs(text: string): number | undefined {
  const parts = /^([1-9]\d{0,7})([mhdw])$/.exec(text);
  const unitMs = UNIT_MS.get(parts?.[2] ?? '');
  if (parts === null || unitMs === undefined) return undefined;
  const ms = Number(parts[1]) * unitMs;
  return ms <= MAX_RANGE_DAYS * DAY_MS ? ms : undefined;
}

/** Reads a range written as one text: `24h` → {last}, `previous:month` → {previous}; undefined if it is neither. */
export function parseRange(text: string): QueryRange | undefined {
  const previous = PREVIOUS_PERIODS.find((period) => text === `previous:${period}`);
  if (previous !== undefined) return { previous };
  return durationMs(text) === undefined ? undefined : { last: text };
}

/** The text that parseRange reads. */
export function rangeText(range: QueryRange): string {
  return 'last' in range ? range.last : `previous:${range.previous}`;
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
