import type { Histogram } from '../../api/events.ts';
import { bucketEnd } from './bucket-end.ts';

type Buckets = Pick<Histogram, 'buckets' | 'interval'>;

/** The index of the bucket that contains a time in seconds since 1970; null if none does. */
export function bucketAt({ buckets, interval }: Buckets, seconds: number): number | null {
  const index = buckets.findIndex(({ start }) => holds(start, interval, seconds));
  return index < 0 ? null : index;
}

/** The range of all buckets touched by a drag from `from` to `to`, in seconds since 1970. */
export function wholeBuckets({ buckets, interval }: Buckets, from: number, to: number) {
  const touched = buckets.filter(
    ({ start }) =>
      Date.parse(start) / 1000 < to && bucketEnd(start, interval).getTime() / 1000 > from,
  );
  const [first, last] = [touched[0], touched.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return {
    from: new Date(first.start).toISOString(),
    to: bucketEnd(last.start, interval).toISOString(),
  };
}

function holds(start: string, interval: Histogram['interval'], seconds: number): boolean {
  return (
    Date.parse(start) / 1000 <= seconds && seconds < bucketEnd(start, interval).getTime() / 1000
  );
}
