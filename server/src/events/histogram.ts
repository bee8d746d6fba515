import type { Queryable } from '../regions/sql.ts';
import type { EventScope } from './event-filter.ts';
import type { ResolvedEventQuery } from './event-query.ts';
import { bucketsOf, chooseInterval, type HistogramInterval } from './histogram-interval.ts';
import { microsOf } from './query-time.ts';
import { type BucketCount, countByBucket } from './sql/count-by-bucket.ts';
import { findExtent } from './sql/find-extent.ts';

const HOUR_MS = 3_600_000;
/** Values shown by name; the rest is summed under null. */
const MOST_GROUPS = 12;

interface HistogramRequest {
  readonly filter: ResolvedEventQuery;
  readonly scope: EventScope;
  /** undefined: chosen by the length of the time range. */
  readonly interval: HistogramInterval | undefined;
  readonly groupBy: 'category' | 'action' | undefined;
}

export interface Histogram {
  readonly interval: HistogramInterval;
  readonly buckets: readonly Bucket[];
  readonly total: number;
}

interface Bucket {
  /** ISO 8601 UTC. The first bucket may begin before the time range; only events within it count. */
  readonly start: string;
  readonly count: number;
  readonly groups?: readonly Group[];
}

/** `value` null: all the values that are not among the most frequent. */
interface Group {
  readonly value: string | null;
  readonly count: number;
}

/**
 * Matching events over time, empty buckets included; their sum is the list's total.
 * @throws Problem VALIDATION_FAILED when the interval is too short for the time range
 */
export async function histogram(client: Queryable, request: HistogramRequest): Promise<Histogram> {
  const { filter, scope, groupBy } = request;
  const range = await timeRange(client, filter, scope);
  if (range === undefined) return { interval: request.interval ?? 'day', buckets: [], total: 0 };
  const { fromMs, toMs } = range;
  const interval = request.interval ?? chooseInterval(fromMs, toMs);
  const starts = bucketsOf(interval, fromMs, toMs);
  const counts = await countByBucket(client, { filter, scope, interval, groupBy });
  const byStart = Map.groupBy(counts, ({ start }) => start.getTime());
  const named = mostFrequent(counts);
  const buckets = starts.map((start): Bucket => {
    const found = byStart.get(start) ?? [];
    return {
      start: new Date(start).toISOString(),
      count: sum(found),
      ...(groupBy === undefined ? {} : { groups: groupsOf(found, named) }),
    };
  });
  return { interval, buckets, total: sum(counts) };
}

/** The filter's own range; where it is open, as far as there are events. */
async function timeRange(client: Queryable, filter: ResolvedEventQuery, scope: EventScope) {
  const fromMs = filter.from === undefined ? undefined : Math.floor(microsOf(filter.from) / 1000);
  const toMs = filter.to === undefined ? undefined : Math.ceil(microsOf(filter.to) / 1000);
  if (fromMs !== undefined && toMs !== undefined) return { fromMs, toMs };
  const extent = await findExtent(client, filter, scope);
  if (extent === undefined) return undefined;
  return {
    fromMs: fromMs ?? extent.first.getTime(),
    toMs: toMs ?? extent.last.getTime() + HOUR_MS,
  };
}

function mostFrequent(counts: readonly BucketCount[]): ReadonlySet<string | null> {
  const totals = new Map<string | null, number>();
  for (const { value, count } of counts) totals.set(value, (totals.get(value) ?? 0) + count);
  const sorted = [...totals].sort(([, a], [, b]) => b - a);
  return new Set(sorted.slice(0, MOST_GROUPS).map(([value]) => value));
}

function groupsOf(found: readonly BucketCount[], named: ReadonlySet<string | null>): Group[] {
  const shown = found.filter(({ value }) => named.has(value));
  const rest = sum(found) - sum(shown);
  const groups = shown.map(({ value, count }): Group => ({ value, count }));
  return rest > 0 ? [...groups, { value: null, count: rest }] : groups;
}

function sum(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}
