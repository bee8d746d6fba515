import { Problem } from '../errors.ts';

export const HISTOGRAM_INTERVALS = ['minute', 'hour', 'day', 'week'] as const;
export type HistogramInterval = (typeof HISTOGRAM_INTERVALS)[number];

const MINUTE_MS = 60_000;
const LENGTH_MS = {
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: 24 * 60 * MINUTE_MS,
  week: 7 * 24 * 60 * MINUTE_MS,
} as const satisfies Record<HistogramInterval, number>;

/** 1970-01-01 was a Thursday: weeks, which begin on Monday, are counted from the Monday before. */
const FIRST_MONDAY_MS = -3 * LENGTH_MS.day;

/** About as many bars as a chart can show. */
const WISHED_BUCKETS = 200;
const MOST_BUCKETS = 3_000;

/** The finest interval that gives a chart's number of buckets for the range, milliseconds [from, to). */
export function chooseInterval(fromMs: number, toMs: number): HistogramInterval {
  const fits = (interval: HistogramInterval) =>
    (toMs - fromMs) / LENGTH_MS[interval] <= WISHED_BUCKETS;
  return HISTOGRAM_INTERVALS.find(fits) ?? 'week';
}

/** The start of the bucket that holds this instant, milliseconds since the epoch. */
function bucketOf(interval: HistogramInterval, ms: number): number {
  const origin = interval === 'week' ? FIRST_MONDAY_MS : 0;
  const length = LENGTH_MS[interval];
  return Math.floor((ms - origin) / length) * length + origin;
}

/**
 * The starts of all buckets of the range [fromMs, toMs), empty ones too.
 * @throws Problem VALIDATION_FAILED when they are too many to draw or send
 */
export function bucketsOf(interval: HistogramInterval, fromMs: number, toMs: number): number[] {
  const length = LENGTH_MS[interval];
  const first = bucketOf(interval, fromMs);
  const count = Math.ceil((toMs - first) / length);
  if (count > MOST_BUCKETS) {
    const message = `gives more than ${MOST_BUCKETS} buckets for this time range; choose a longer one`;
    throw new Problem('VALIDATION_FAILED', `interval: ${message}`, {
      errors: [{ path: 'interval', message }],
    });
  }
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * length);
}
