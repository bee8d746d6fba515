import { setTimeout as wait } from 'node:timers/promises';
import type { Struck } from './fault.ts';

const SLOW_BYTES_A_SECOND = 10_000;
const SLOW_SECONDS = 3;

/** Begins to read every file and goes away without a word. */
export async function breakOffDownload({ world, jobIds }: Struck): Promise<void> {
  for (const jobId of jobIds) {
    const answer = await world.client.once('GET', `/v1/exports/${jobId}/download`);
    const reader = answer.body?.getReader();
    await reader?.read();
    await reader?.cancel();
  }
}

export async function readSlowly({ world, jobIds }: Struck): Promise<void> {
  await Promise.all(
    jobIds.map(async (jobId) => {
      const answer = await world.client.once('GET', `/v1/exports/${jobId}/download`);
      if (answer.body === null || answer.status !== 200) return;
      const until = performance.now() + SLOW_SECONDS * 1000;
      for await (const chunk of answer.body) {
        await wait(Math.min((chunk.length / SLOW_BYTES_A_SECOND) * 1000, 500));
        if (performance.now() > until) break;
      }
    }),
  );
}
