import { setTimeout as wait } from 'node:timers/promises';
import { isStoreAway } from './store-away.ts';

const PAUSE_MS = 500;

/**
 * Repeats a call while the store cannot be reached: a gateway that restarts is back within seconds.
 * @param forMs how long; default: as long as a caller waits for the beginning of a download
 */
export async function retryWhileAway<Result>(
  call: () => Promise<Result>,
  forMs = 8_000,
): Promise<Result> {
  const deadline = performance.now() + forMs;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isStoreAway(error) || performance.now() > deadline) throw error;
    }
    await wait(PAUSE_MS);
  }
}
