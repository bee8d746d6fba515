import { ExhibitError, ExhibitNetworkError } from './errors.ts';

export interface RetryPolicy {
  /** Total number of attempts, including the first; 1 disables retries. */
  readonly attempts: number;
  /** Delay before the first retry; it doubles with each attempt. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** If Retry-After is longer than this, the error is thrown instead of waiting. */
  readonly maxRetryAfterMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 5,
  baseDelayMs: 250,
  maxDelayMs: 10_000,
  maxRetryAfterMs: 60_000,
};

/** About one minute of attempts, so that long operations survive a restart of the server. */
const PATIENT_ATTEMPTS = 12;

const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * Runs `work` until it succeeds, fails permanently or has used all attempts. Throws the last error.
 * Use it only for work that may safely happen twice.
 */
export async function withRetries<Result>(
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const delayMs = isTransient(error) ? delayBefore(policy, attempt, error) : undefined;
      if (delayMs === undefined || attempt >= policy.attempts) throw error;
      await pause(delayMs, signal);
    }
  }
}

/** Whether a retry may succeed: the request got no response or a transient status. */
function isTransient(error: unknown): error is ExhibitError | ExhibitNetworkError {
  if (error instanceof ExhibitNetworkError) return true;
  return error instanceof ExhibitError && TRANSIENT_STATUSES.has(error.status);
}

/** Uses Retry-After if present, else exponential backoff with jitter, so that clients do not retry simultaneously. */
function delayBefore(
  policy: RetryPolicy,
  attempt: number,
  error: ExhibitError | ExhibitNetworkError,
): number | undefined {
  const retryAfterMs = error instanceof ExhibitError ? error.retryAfterMs : undefined;
  if (retryAfterMs !== undefined)
    return retryAfterMs <= policy.maxRetryAfterMs ? retryAfterMs : undefined;
  return backOffMs(policy, attempt);
}

/** The policy for resuming a long operation. Disabled retries stay disabled. */
export function patient(policy: RetryPolicy): RetryPolicy {
  if (policy.attempts === 1) return policy;
  return { ...policy, attempts: Math.max(policy.attempts, PATIENT_ATTEMPTS) };
}

/** Random delay between 50% and 100% of `baseDelayMs · 2^(attempt − 1)`, which is capped at `maxDelayMs`. */
export function backOffMs({ baseDelayMs, maxDelayMs }: RetryPolicy, attempt: number): number {
  const full = Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1));
  return full * (0.5 + Math.random() / 2);
}

/**
 * Converts Retry-After, as seconds or an HTTP date (RFC 9110, section 10.2.3), to milliseconds from `nowMs`.
 * Returns undefined if the header is absent or invalid.
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** @throws the signal's reason if it is aborted before or during the wait */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    function stop() {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener('abort', stop, { once: true });
  });
}
