import type { Histogram } from '../../api/events.ts';

const LENGTH_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;

/**
 * The exclusive end of the bucket that starts at `start`. Buckets are aligned in UTC; months and years are calendar
 * ones.
 */
export function bucketEnd(start: string, interval: Histogram['interval']): Date {
  const date = new Date(start);
  if (interval === 'year') return new Date(Date.UTC(date.getUTCFullYear() + 1, 0));
  if (interval === 'month')
    return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1));
  return new Date(date.getTime() + LENGTH_MS[interval]);
}
