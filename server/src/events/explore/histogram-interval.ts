import { Problem } from '../../errors.ts';

export const HISTOGRAM_INTERVALS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type HistogramInterval = (typeof HISTOGRAM_INTERVALS)[number];

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Length of a bucket, milliseconds; months and years are calendar units, so the length is their average. */
const LENGTH_MS = {
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30.436_875 * DAY_MS,
  year: 365.2425 * DAY_MS,
} as const satisfies Record<HistogramInterval, number>;

/** 1970-01-01 was a Thursday: weeks start on Monday, so they are counted from the Monday before that day. */
const FIRST_MONDAY_MS = -3 * DAY_MS;

/** About as many bars as a chart can show. */
const PREFERRED_BUCKETS = 200;
const MAX_BUCKETS = 3_000;

/**
 * The finest interval that gives a chart's number of buckets for the range, milliseconds [from, to). Years fit
 * whatever the range is: accepted times span 130 of them.
 */
export function chooseInterval(fromMs: number, toMs: number): HistogramInterval {
  const fits = (interval: HistogramInterval) =>
    (toMs - fromMs) / LENGTH_MS[interval] <= PREFERRED_BUCKETS;
  return HISTOGRAM_INTERVALS.find(fits) ?? 'year';
}

/** Start of the bucket that is `steps` buckets after the one containing this instant; milliseconds, UTC. */
function bucketStart(interval: HistogramInterval, ms: number, steps = 0): number {
  const date = new Date(ms);
  if (interval === 'year') return Date.UTC(date.getUTCFullYear() + steps, 0);
  if (interval === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + steps);
  const origin = interval === 'week' ? FIRST_MONDAY_MS : 0;
  const length = LENGTH_MS[interval];
  return (Math.floor((ms - origin) / length) + steps) * length + origin;
}

/**
 * Starts of all buckets in the range [fromMs, toMs), including empty buckets.
 * @throws Problem VALIDATION_FAILED for more buckets than a chart can draw
 */
export function bucketsOf(interval: HistogramInterval, fromMs: number, toMs: number): number[] {
  if ((toMs - fromMs) / LENGTH_MS[interval] > MAX_BUCKETS) throw tooManyBuckets();
  const starts: number[] = [];
  const first = bucketStart(interval, fromMs);
  for (let start = first; start < toMs; start = bucketStart(interval, first, starts.length))
    starts.push(start);
  if (starts.length > MAX_BUCKETS) throw tooManyBuckets();
  return starts;
}

function tooManyBuckets(): Problem {
  const message = `gives more than ${MAX_BUCKETS} buckets for this time range; choose a longer one`;
  return new Problem('VALIDATION_FAILED', `interval: ${message}`, {
    errors: [{ path: 'interval', message }],
  });
}
