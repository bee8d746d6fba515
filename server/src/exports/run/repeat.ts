import { setTimeout as wait } from 'node:timers/promises';

interface RepeatOptions {
  /** Pause between the end of one run and the start of the next. */
  readonly everyMs: number;
  /**
   * Starts with a pause and varies each pause from half to one and a half of its length, so that processes started
   * together spread out.
   */
  readonly jitter?: boolean;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** Runs a task repeatedly, never concurrently, until the signal aborts; resolves after the last run. */
export async function repeat(
  task: () => Promise<void>,
  { everyMs, jitter = false, signal, onError }: RepeatOptions,
): Promise<void> {
  const pause = () =>
    wait(jitter ? everyMs * (0.5 + Math.random()) : everyMs, undefined, { signal }).catch(
      () => undefined,
    );
  if (jitter) await pause();
  while (!signal.aborted) {
    try {
      await task();
    } catch (error) {
      onError(error);
    }
    await pause();
  }
}
