/** The progress of an attempt at one time. */
export interface ProgressSample {
  readonly atMs: number;
  readonly attempt: number;
  readonly rows: number;
}

/** Older samples are dropped, so that the rate is current. */
const WINDOW_MS = 20_000;
/** Over a shorter time, sampling jitter would dominate the rate. */
const MIN_WINDOW_MS = 500;

/** Adds a sample and drops outdated ones. A new or restarted attempt starts a new series. */
export function withSample(
  samples: readonly ProgressSample[],
  next: ProgressSample,
): readonly ProgressSample[] {
  const last = samples.at(-1);
  if (last === undefined) return [next];
  if (last.attempt !== next.attempt || next.rows < last.rows) return [next];
  return [...samples.filter(({ atMs }) => next.atMs - atMs <= WINDOW_MS), next];
}

/**
 * Observed rows per second of this attempt. The job's `startedAt` cannot be used: it is that of the first attempt and
 * would include the time between attempts.
 * @returns undefined while there are too few samples
 */
export function rateOf(samples: readonly ProgressSample[]): number | undefined {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.atMs - first.atMs < MIN_WINDOW_MS)
    return undefined;
  return ((last.rows - first.rows) * 1000) / (last.atMs - first.atMs);
}
