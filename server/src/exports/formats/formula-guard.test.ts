import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { finishedExport } from '../../../../testing/finished-export.ts';
import { startTestApi, type TestApi } from '../../../../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../../../../testing/test-region.ts';
import { type ExportWorker, startExportWorker } from '../run/export-worker.ts';

let region: TestRegion;
let api: TestApi;
let worker: ExportWorker;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
  worker = await startExportWorker(region.worker());
});
afterAll(async () => {
  await worker?.stop();
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

const FORMULAS = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  "'=1",
  '=HYPERLINK("https://elsewhere.invalid","x")',
  '="a",\n"=b"',
];
/** Columns with text as the sender wrote it. */
const COLUMNS = [
  'projectId',
  'category',
  'action',
  'actorId',
  'actorEmail',
  'actorRole',
  'resourceType',
  'resourceId',
  'traceId',
  'ipAddress',
  'geo',
  'userAgent',
];

test('no CSV cell is a formula in any column, and removing one quote restores the value as sent', async () => {
  const company = await region.company();
  const [workspaceId] = company.workspaceIds;
  const key = await region.key(company, { workspaceId });
  const events = FORMULAS.map((text) => ({
    projectId: text,
    category: text,
    action: text,
    actor: { id: text, email: text, role: text },
    resource: { type: text, id: text },
    tags: [text],
    traceId: text,
    ipAddress: text,
    geo: text,
    userAgent: text,
    metadata: { [text]: text },
  }));
  const stored = await api.request(key, 'POST', '/v1/events', { body: { events } });
  expect(await stored.json()).toMatchObject({ created: FORMULAS.length });
  const textOf = async (formulaGuard: boolean) => {
    const { jobId } = await finishedExport(api, key, { format: 'CSV', csv: { formulaGuard } });
    return (await api.request(key, 'GET', `/v1/exports/${jobId}/download`)).text();
  };
  const rowsOf = (text: string) =>
    parse<Record<string, string>>(text, { columns: true, record_delimiter: '\r\n' });
  const guarded = rowsOf(await textOf(true));
  const plain = rowsOf(await textOf(false));
  expect(guarded).toHaveLength(FORMULAS.length);
  for (const [index, row] of guarded.entries()) {
    for (const [column, cell] of Object.entries(row)) {
      expect(cell, column).not.toMatch(/^[=+\-@\t\r]/);
      const sent = plain[index]?.[column] ?? '';
      expect(/^[=+\-@\t\r']/.test(sent) ? cell.slice(1) : cell, column).toBe(sent);
    }
    for (const column of COLUMNS) expect(row[column]?.startsWith("'"), column).toBe(true);
  }
});
