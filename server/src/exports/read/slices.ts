import { lowestEventId, microsOfEventId } from '../../event-id.ts';
import type { ResolvedEventQuery } from '../../../../contract/event-query.ts';
import { microsOf } from '../../events/query/query-time.ts';

/** A range of event IDs: `lower` inclusive, `upper` exclusive. */
export interface IdRange {
  readonly lower: string;
  readonly upper: string;
}

export interface HourCount {
  /** Start of the hour, microseconds since the epoch. */
  readonly micros: number;
  /** Number of events, matching or not, that a slice scans. */
  readonly count: number;
  /** Number of matching events, if the rollup knows it; otherwise 0. */
  readonly matching: number;
}

export interface SliceSize {
  /** Events to scan per slice. */
  readonly rows: number;
  /** Matching events per slice: about as many as the prefetch buffer holds. */
  readonly matching: number;
}

const FIRST_MICROS = 0;
const END_MICROS = Date.UTC(2100, 0, 1) * 1000;
const HOUR_MICROS = 3_600_000_000;

/**
 * Divides the time range of the query into ID ranges of about the given size, at hours and within dense hours. The
 * ranges are adjacent and cover the whole time range for any counts: counts only decide where to divide, so a wrong
 * count costs time and never a row.
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
    // A dense hour has its own slices, so that their time limit does not delay the adjacent hours.
    if (filled <= 1) continue;
    const parts = Math.ceil(filled);
    for (let part = 1; part <= parts; part += 1)
      yield micros + Math.round((part * HOUR_MICROS) / parts);
    filled = 0;
  }
}

/** The rest of the range after `lastId`, which was already read. */
export function rangeAfter(range: IdRange, lastId: string): IdRange {
  return { lower: nextId(lastId), upper: range.upper };
}

/** First and second half of a range, by time; undefined for a single instant. */
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

/** The smallest ID greater than this one. */
function nextId(id: string): string {
  const digits = (BigInt(`0x${id.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}
