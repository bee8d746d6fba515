import { setTimeout as wait } from 'node:timers/promises';

interface RepeatOptions {
  /** Pause between the end of one run and the start of the next. */
  readonly everyMs: number;
  /** Begins with a pause and makes each half to one and a half as long, so that processes started together spread. */
  readonly jitter?: boolean;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** Runs a task again and again, never twice at once, until the signal aborts; resolves when the last run ended. */
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
