import { lowestEventId, microsOfEventId } from '../../events/ingest/event-id.ts';
import type { ResolvedEventQuery } from '../../../../contract/event-query.ts';
import { microsOf } from '../../events/query/query-time.ts';

/** A range of event ids: `lower` inclusive, `upper` exclusive. */
export interface IdRange {
  readonly lower: string;
  readonly upper: string;
}

export interface HourCount {
  /** Start of the hour, microseconds since the epoch. */
  readonly micros: number;
  /** Events, matching or not: what a slice has to look through. */
  readonly count: number;
  /** Events that match, when the rollup knows; otherwise 0. */
  readonly matching: number;
}

export interface SliceSize {
  /** Events to look through. */
  readonly rows: number;
  /** Events to hand on: about as many as are held of a slice that is read ahead. */
  readonly matching: number;
}

const FIRST_MICROS = 0;
const END_MICROS = Date.UTC(2100, 0, 1) * 1000;
const HOUR_MICROS = 3_600_000_000;

/**
 * Cuts the query's time range into id ranges of about the given size, between hours and within crowded ones. The
 * ranges join without a gap and cover the whole time range, whatever the counts say: counts only decide where to
 * cut, so a wrong one costs time and never a row.
 */
export function planSlices(
  filter: ResolvedEventQuery,
  hours: readonly HourCount[],
  size: SliceSize,
): IdRange[] {
  const from = filter.from === undefined ? FIRST_MICROS : microsOf(filter.from);
  const to = filter.to === undefined ? END_MICROS : microsOf(filter.to);
  const ranges: IdRange[] = [];
  let start = from;
  for (const end of [...cutsOf(hours, size), to]) {
    if (end <= start || end > to) continue;
    ranges.push({ lower: lowestEventId(start), upper: lowestEventId(end) });
    start = end;
  }
  return ranges;
}

/** Instants that divide the hours' events into slices, ascending. */
function* cutsOf(hours: readonly HourCount[], size: SliceSize): Generator<number> {
  let filled = 0;
  for (const { micros, count, matching } of hours) {
    const share = Math.max(count / size.rows, matching / size.matching);
    if (filled > 0 && filled + share > 1) {
      yield micros;
      filled = 0;
    }
    filled += share;
    // A crowded hour has slices of its own, so that a time limit on them does not hold up its neighbours.
    if (filled <= 1) continue;
    const parts = Math.ceil(filled);
    for (let part = 1; part <= parts; part += 1)
      yield micros + Math.round((part * HOUR_MICROS) / parts);
    filled = 0;
  }
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
