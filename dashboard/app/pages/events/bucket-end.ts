import type { Histogram } from '../../api/events.ts';

const LENGTH_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;

/** When the bucket that begins at `start` ends: buckets are whole in UTC. */
export function bucketEnd(start: string, interval: Histogram['interval']): Date {
  return new Date(Date.parse(start) + LENGTH_MS[interval]);
}
