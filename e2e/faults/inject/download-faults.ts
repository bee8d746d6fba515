import { setTimeout as wait } from 'node:timers/promises';
import type { InjectionContext } from '../fault.ts';

const SLOW_BYTES_A_SECOND = 10_000;
/** How long the client reads on; less than the 20 s that it waits for a whole answer. */
const SLOW_SECONDS = 15;

/** Begins to read every file, at the api and at the dashboard, and goes away without a word. */
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

/** @returns what takes its time over each piece, and whether to go on */
function slowReader(): (bytes: number) => Promise<boolean> {
  const until = performance.now() + SLOW_SECONDS * 1000;
  return async (bytes) => {
    // A piece may be worth more time than is left: it is not read to its end.
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
