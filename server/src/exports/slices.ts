import { lowestEventId, microsOfEventId } from '../events/event-id.ts';
import type { ResolvedEventQuery } from '../events/event-query.ts';
import { microsOf } from '../events/query-time.ts';

/** A range of event ids: `lower` inclusive, `upper` exclusive. */
export interface IdRange {
  readonly lower: string;
  readonly upper: string;
}

export interface HourCount {
  /** Start of the hour, microseconds since the epoch. */
  readonly micros: number;
  readonly count: number;
}

const FIRST_MICROS = 0;
const END_MICROS = Date.UTC(2100, 0, 1) * 1000;
const HOUR_MICROS = 3_600_000_000;

/**
 * Cuts the query's time range into id ranges of about `sliceRows` events, at hour boundaries. The ranges
 * join without a gap and cover the whole time range, whatever the counts say: counts only decide where to
 * cut, so a wrong one costs time and never a row.
 */
export function planSlices(
  filter: ResolvedEventQuery,
  hours: readonly HourCount[],
  sliceRows: number,
): IdRange[] {
  const from = filter.from === undefined ? FIRST_MICROS : microsOf(filter.from);
  const to = filter.to === undefined ? END_MICROS : microsOf(filter.to);
  const cuts: number[] = [];
  let rows = 0;
  for (const { micros, count } of hours) {
    if (rows > 0 && rows + count > sliceRows) {
      if (micros > from && micros < to) cuts.push(micros);
      rows = 0;
    }
    rows += count;
    // A crowded hour is a slice of its own, so that a time limit on it does not hold up its neighbours.
    if (rows > sliceRows && micros + HOUR_MICROS > from && micros + HOUR_MICROS < to) {
      cuts.push(micros + HOUR_MICROS);
      rows = 0;
    }
  }
  const ranges: IdRange[] = [];
  let start = from;
  for (const end of [...new Set(cuts), to]) {
    ranges.push({ lower: lowestEventId(start), upper: lowestEventId(end) });
    start = end;
  }
  return ranges;
}

/** The range after `lastId`, which was read already. */
export function rangeAfter(range: IdRange, lastId: string): IdRange {
  return { lower: nextId(lastId), upper: range.upper };
}

/** The first half of a range and the rest, by time; undefined when it is a single instant. */
export function halve(range: IdRange): [IdRange, IdRange] | undefined {
  const from = microsOfEventId(range.lower);
  const to = microsOfEventId(range.upper);
  const middle = lowestEventId(Math.floor((from + to) / 2));
  if (middle <= range.lower || middle >= range.upper) return undefined;
  return [
    { lower: range.lower, upper: middle },
    { lower: middle, upper: range.upper },
  ];
}

/** The smallest id greater than this one. */
function nextId(id: string): string {
  const digits = (BigInt(`0x${id.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}
