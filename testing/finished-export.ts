import { expect } from 'vitest';
import type { TestApi } from './test-api.ts';
import { type ExportJobJson, waitForExport } from './wait-for-export.ts';

/** Starts an export and returns the created job. */
export async function startExport(
  api: TestApi,
  key: string,
  body: unknown,
): Promise<ExportJobJson> {
  const answer = await api.request(key, 'POST', '/v1/exports', { body });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return (await answer.json()) as ExportJobJson;
}

/** Starts an export and waits until it ends with any status. A worker must be running. */
export async function finishedExport(
  api: TestApi,
  key: string,
  body: unknown,
): Promise<ExportJobJson> {
  return waitForExport(api, key, (await startExport(api, key, body)).jobId);
}
