import { setTimeout as wait } from 'node:timers/promises';
import type { InjectionContext } from '../fault.ts';

const SLOW_BYTES_A_SECOND = 10_000;
/** How long the client keeps reading; less than the 20 s that it waits for a complete response. */
const SLOW_SECONDS = 15;

/** Starts to download every file from the api and the dashboard, and disconnects. */
export async function breakOffDownload({ world, jobIds }: InjectionContext): Promise<void> {
  for (const jobId of jobIds) {
    const answer = await world.client.once('GET', `/v1/exports/${jobId}/download`);
    const reader = answer.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await world.person.downloadOnce(jobId, () => false);
  }
}

export async function readSlowly({ world, jobIds }: InjectionContext): Promise<void> {
  await Promise.all(
    jobIds.flatMap((jobId) => {
      const [atApi, atDashboard] = [slowReader(), slowReader()];
      return [readAtApi({ world }, jobId, atApi), world.person.downloadOnce(jobId, atDashboard)];
    }),
  );
}

/** @returns a function that delays the reading of each chunk and returns whether to continue */
function slowReader(): (bytes: number) => Promise<boolean> {
  const until = performance.now() + SLOW_SECONDS * 1000;
  return async (bytes) => {
    // Stop if reading this chunk at the given speed would take longer than the remaining time.
    const left = until - performance.now();
    const needed = (bytes / SLOW_BYTES_A_SECOND) * 1000;
    await wait(Math.max(0, Math.min(needed, left)));
    return needed <= left;
  };
}

async function readAtApi(
  { world }: Pick<InjectionContext, 'world'>,
  jobId: string,
  goOn: (bytes: number) => Promise<boolean>,
): Promise<void> {
  const answer = await world.client.once('GET', `/v1/exports/${jobId}/download`);
  if (answer.body === null || answer.status !== 200) return;
  for await (const chunk of answer.body) if (!(await goOn(chunk.length))) break;
}
