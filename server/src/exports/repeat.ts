import { setTimeout as wait } from 'node:timers/promises';

interface RepeatOptions {
  /** Pause between the end of one run and the start of the next. */
  readonly everyMs: number;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** Runs a task again and again, never twice at once, until the signal aborts; resolves when the last run ended. */
export async function repeat(
  task: () => Promise<void>,
  { everyMs, signal, onError }: RepeatOptions,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await task();
    } catch (error) {
      onError(error);
    }
    await wait(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
