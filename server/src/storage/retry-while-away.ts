import { setTimeout as wait } from 'node:timers/promises';
import { isStoreAway } from './store-away.ts';

const PAUSE_MS = 500;

/**
 * Repeats a call while the store is unavailable, because a gateway usually restarts within seconds.
 * @param forMs maximum duration; the default is how long a client waits for a download to start
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
