import { setTimeout as wait } from 'node:timers/promises';
import type { exportJobJson } from '../server/src/exports/export-job.ts';
import { isTerminal } from '../contract/export-state.ts';
import type { TestApi } from './test-api.ts';
import { patient } from './patience.ts';

export type ExportJobJson = ReturnType<typeof exportJobJson>;

const POLL_MS = 50;

/** Polls a job like a client until `reached` is true (default: a terminal state). */
export async function waitForExport(
  api: TestApi,
  key: string,
  jobId: string,
  reached: (job: ExportJobJson) => boolean = (job) => isTerminal(job.status),
  timeoutMs = 60_000,
): Promise<ExportJobJson> {
  const deadline = performance.now() + patient(timeoutMs);
  for (;;) {
    const answer = await api.request(key, 'GET', `/v1/exports/${jobId}`);
    const job = (await answer.json()) as ExportJobJson;
    if (reached(job)) return job;
    if (performance.now() > deadline)
      throw new Error(`the job did not reach the expected state: ${JSON.stringify(job)}`);
    await wait(POLL_MS);
  }
}
