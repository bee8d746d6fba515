import { ExhibitError, ExhibitNetworkError } from './errors.ts';

export interface RetryPolicy {
  /** Tries in all, the first included; 1 turns retries off. */
  readonly attempts: number;
  /** The first wait; it doubles with each try. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** A server that asks for a longer wait than this is not waited for: its error is thrown. */
  readonly maxRetryAfterMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 5,
  baseDelayMs: 250,
  maxDelayMs: 10_000,
  maxRetryAfterMs: 60_000,
};

/** About a minute of tries: what takes hours should outlive a restart of the server. */
const PATIENT_ATTEMPTS = 12;

const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * Runs work until it succeeds, fails for good or the tries are used up; the last error is thrown.
 * Only for work that may happen twice.
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

/** Trying again may help: no answer, or one that says "not now". */
function isTransient(error: unknown): error is ExhibitError | ExhibitNetworkError {
  if (error instanceof ExhibitNetworkError) return true;
  return error instanceof ExhibitError && TRANSIENT_STATUSES.has(error.status);
}

/** Retry-After when there is one, else exponential with jitter, so that many clients do not come back at once. */
function delayBefore(
  policy: RetryPolicy,
  attempt: number,
  error: ExhibitError | ExhibitNetworkError,
): number | undefined {
  const asked = error instanceof ExhibitError ? error.retryAfterMs : undefined;
  if (asked !== undefined) return asked <= policy.maxRetryAfterMs ? asked : undefined;
  return backOffMs(policy, attempt);
}

/** The policy for going on with something long; one that has retries turned off stays so. */
export function patient(policy: RetryPolicy): RetryPolicy {
  if (policy.attempts === 1) return policy;
  return { ...policy, attempts: Math.max(policy.attempts, PATIENT_ATTEMPTS) };
}

/** Between half and all of `baseDelayMs · 2^(attempt − 1)`, at most `maxDelayMs`. */
export function backOffMs({ baseDelayMs, maxDelayMs }: RetryPolicy, attempt: number): number {
  const full = Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1));
  return full * (0.5 + Math.random() / 2);
}

/**
 * Retry-After as seconds or an HTTP date (RFC 9110, section 10.2.3) → milliseconds from `nowMs`.
 * undefined when there is none or it is neither.
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** @throws the signal's reason when it is aborted before or during the wait */
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
