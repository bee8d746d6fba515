import { Problem } from '../../errors.ts';

export const HISTOGRAM_INTERVALS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type HistogramInterval = (typeof HISTOGRAM_INTERVALS)[number];

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Length of a bucket, milliseconds; months and years are calendar ones, so theirs is the average. */
const LENGTH_MS = {
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30.436_875 * DAY_MS,
  year: 365.2425 * DAY_MS,
} as const satisfies Record<HistogramInterval, number>;

/** 1970-01-01 was a Thursday: weeks, which start on Monday, are counted from the Monday before. */
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

/** The start of the bucket that holds this instant, and of the bucket `steps` after it. Milliseconds, UTC. */
function bucketStart(interval: HistogramInterval, ms: number, steps = 0): number {
  const date = new Date(ms);
  if (interval === 'year') return Date.UTC(date.getUTCFullYear() + steps, 0);
  if (interval === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + steps);
  const origin = interval === 'week' ? FIRST_MONDAY_MS : 0;
  const length = LENGTH_MS[interval];
  return (Math.floor((ms - origin) / length) + steps) * length + origin;
}

/**
 * The starts of all buckets of the range [fromMs, toMs), empty ones included.
 * @throws Problem VALIDATION_FAILED when there are too many to draw or send
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
