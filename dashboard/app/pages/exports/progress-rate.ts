/** How far an attempt was when it was looked at. */
export interface ProgressSample {
  readonly atMs: number;
  readonly attempt: number;
  readonly rows: number;
}

/** What happened before is not how fast it goes now. */
const WINDOW_MS = 20_000;
/** Less than this apart, the moments of looking weigh more than the work between them. */
const MIN_WINDOW_MS = 500;

/** The samples that still count, with a newer one. An attempt that begins again begins its samples again. */
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
 * Rows a second of this attempt, as it was seen; the job's `startedAt` is of its first attempt and would count
 * the waiting in between.
 * @returns undefined while it was not watched for long enough to say
 */
export function rateOf(samples: readonly ProgressSample[]): number | undefined {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.atMs - first.atMs < MIN_WINDOW_MS)
    return undefined;
  return ((last.rows - first.rows) * 1000) / (last.atMs - first.atMs);
}
