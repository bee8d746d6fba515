import type { Queryable } from '../../regions/sql.ts';
import type { EventScope } from '../query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../contract/event-query.ts';
import { bucketsOf, chooseInterval, type HistogramInterval } from './histogram-interval.ts';
import { findOutliers, type Outliers } from './histogram-outliers.ts';
import { microsOf } from '../query/query-time.ts';
import { type BucketCount, countByBucket } from '../rollup/sql/count-by-bucket.ts';
import { findTimeClusters } from './sql/find-time-clusters.ts';
import { withinExistingEvents } from './within-existing-events.ts';

const HOUR_MS = 3_600_000;
/** Number of values with a count of their own; all others are summed under null. */
const MAX_GROUPS = 12;

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
  /**
   * Events far outside the time of all others; the buckets and the total include them. Detected only on a side where
   * the filter has no time bound.
   */
  readonly outliers: Outliers | null;
}

interface Bucket {
  /** ISO 8601 UTC. The first bucket may begin before the time range; only events within it count. */
  readonly start: string;
  readonly count: number;
  readonly groups?: readonly Group[];
}

/** `value` null: the sum of all values that are not among the most frequent. */
interface Group {
  readonly value: string | null;
  readonly count: number;
}

/**
 * Matching events over time, including empty buckets; the counts add up to the total of the list.
 * @throws Problem VALIDATION_FAILED if the interval is too short for the time range
 */
export async function histogram(client: Queryable, request: HistogramRequest): Promise<Histogram> {
  const { filter, scope, groupBy } = request;
  const range = await timeRange(client, filter, scope);
  if (range === undefined)
    return { interval: request.interval ?? 'day', buckets: [], total: 0, outliers: null };
  const { fromMs, toMs, outliers } = range;
  const interval = request.interval ?? chooseInterval(fromMs, toMs);
  const starts = bucketsOf(interval, fromMs, toMs);
  const narrowed = await withinExistingEvents(client, filter, scope);
  const counts = await countByBucket(client, { filter: narrowed, scope, interval, groupBy });
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
  return { interval, buckets, total: sum(counts), outliers };
}

interface ChartRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly outliers: Outliers | null;
}

/** Time range of the filter; a side without a bound ends at the first or last event. Undefined without events. */
async function timeRange(
  client: Queryable,
  filter: ResolvedEventQuery,
  scope: EventScope,
): Promise<ChartRange | undefined> {
  const fromMs = filter.from === undefined ? undefined : Math.floor(microsOf(filter.from) / 1000);
  const toMs = filter.to === undefined ? undefined : Math.ceil(microsOf(filter.to) / 1000);
  if (fromMs !== undefined && toMs !== undefined) return { fromMs, toMs, outliers: null };
  const narrowed = await withinExistingEvents(client, filter, scope);
  const clusters = await findTimeClusters(client, narrowed, scope);
  const [first, last] = [clusters[0], clusters.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return {
    fromMs: fromMs ?? first.first.getTime(),
    toMs: toMs ?? last.last.getTime() + HOUR_MS,
    outliers: findOutliers(clusters, Date.now()),
  };
}

function mostFrequent(counts: readonly BucketCount[]): ReadonlySet<string | null> {
  const totals = new Map<string | null, number>();
  for (const { value, count } of counts) totals.set(value, (totals.get(value) ?? 0) + count);
  const sorted = [...totals].sort(([, a], [, b]) => b - a);
  return new Set(sorted.slice(0, MAX_GROUPS).map(([value]) => value));
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
