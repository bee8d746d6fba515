import { MAX_GAP_DAYS, type TimeCluster } from './sql/find-time-clusters.ts';

const HOUR_MS = 3_600_000;
const MAX_GAP_MS = MAX_GAP_DAYS * 24 * HOUR_MS;

/** An outlying side holds at most this many events, or this share of all events. */
const MAX_OUTLIERS = 10;
const MAX_OUTLIER_SHARE = 0.1;

/** Events far outside the time range of all other events, usually sent by a device with a wrong clock. */
export interface Outliers {
  readonly before: OutlierGroup | null;
  readonly after: OutlierGroup | null;
  /** Half-open range of all other events, whole UTC hours, ISO 8601. */
  readonly from: string;
  readonly to: string;
}

interface OutlierGroup {
  readonly count: number;
  /** Start of the first hour with such an event, ISO 8601 UTC. */
  readonly first: string;
  /** End of the last hour with such an event. */
  readonly last: string;
}

/**
 * Far outliers among the clusters of a time axis (oldest first), or null. The core is the cluster with the most
 * events, and every neighbour that is no further away than twice the core's own length, so a chart of the core alone
 * shows at least three times as much detail as a chart of everything.
 *
 * @param nowMs breaks ties between clusters of the same size: the one closest to now is the core
 */
export function findOutliers(clusters: readonly TimeCluster[], nowMs: number): Outliers | null {
  const [firstIndex, lastIndex] = coreOf(clusters, nowMs);
  const [first, last] = [clusters[firstIndex], clusters[lastIndex]];
  if (first === undefined || last === undefined) return null;
  const total = clusters.reduce((sum, { count }) => sum + count, 0);
  const before = groupOf(clusters.slice(0, firstIndex), total);
  const after = groupOf(clusters.slice(lastIndex + 1), total);
  if (before === null && after === null) return null;
  // A side with too many events to be outliers is part of the main range.
  const from = before === null ? clusters[0] : first;
  const to = after === null ? clusters.at(-1) : last;
  return {
    before,
    after,
    from: (from ?? first).first.toISOString(),
    to: endOf(to ?? last).toISOString(),
  };
}

function coreOf(clusters: readonly TimeCluster[], nowMs: number): readonly [number, number] {
  let first = 0;
  for (const [index, cluster] of clusters.entries()) {
    if (isMoreCentral(cluster, clusters[first], nowMs)) first = index;
  }
  let last = first;
  for (;;) {
    const start = clusters[first]?.first.getTime() ?? 0;
    const end = clusters[last]?.last.getTime() ?? 0;
    const reach = Math.max(MAX_GAP_MS, 2 * (end - start));
    const previous = clusters[first - 1];
    const next = clusters[last + 1];
    if (previous !== undefined && start - previous.last.getTime() <= reach) first -= 1;
    else if (next !== undefined && next.first.getTime() - end <= reach) last += 1;
    else return [first, last];
  }
}

function isMoreCentral(
  cluster: TimeCluster,
  best: TimeCluster | undefined,
  nowMs: number,
): boolean {
  if (best === undefined) return true;
  if (cluster.count !== best.count) return cluster.count > best.count;
  return distance(cluster, nowMs) < distance(best, nowMs);
}

function distance({ first, last }: TimeCluster, nowMs: number): number {
  return Math.max(first.getTime() - nowMs, nowMs - last.getTime(), 0);
}

function groupOf(clusters: readonly TimeCluster[], total: number): OutlierGroup | null {
  const [first, last] = [clusters[0], clusters.at(-1)];
  if (first === undefined || last === undefined) return null;
  const count = clusters.reduce((sum, cluster) => sum + cluster.count, 0);
  if (count > Math.max(MAX_OUTLIERS, total * MAX_OUTLIER_SHARE)) return null;
  return { count, first: first.first.toISOString(), last: endOf(last).toISOString() };
}

function endOf({ last }: TimeCluster): Date {
  return new Date(last.getTime() + HOUR_MS);
}
