import type { APIRequestContext } from '@playwright/test';
import { expect } from './fixture.ts';
import { patient } from '../../testing/patience.ts';

export interface SeenJob {
  readonly jobId: string;
  readonly status: string;
  readonly attempt: number;
  readonly rowsExported: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** Requests an export with the same call as the dialog. */
export async function askForExport(person: APIRequestContext, body: object = {}): Promise<string> {
  const answer = await person.post('/api/dashboard/exports', {
    data: { format: 'JSONL', filters: {}, ...body },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return ((await answer.json()) as SeenJob).jobId;
}

/** Polls until the job is in this state. */
export async function awaitJob(
  person: APIRequestContext,
  jobId: string,
  status: string,
  timeoutMs = 20_000,
): Promise<SeenJob> {
  let job: SeenJob | undefined;
  await expect
    .poll(
      async () => {
        job = (await (await person.get(`/api/dashboard/exports/${jobId}`)).json()) as SeenJob;
        return job.status;
      },
      { timeout: patient(timeoutMs), intervals: [100] },
    )
    .toBe(status);
  if (job === undefined) throw new Error('there is no job');
  return job;
}
