import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type DashboardExports,
  startDashboardExports,
} from '../../../../testing/dashboard-exports.ts';
import { expectProblem } from '../../../../testing/expect-problem.ts';
import { createTestExport } from '../../../../testing/export-job.ts';
import { type ExportJobJson, waitForExport } from '../../../../testing/wait-for-export.ts';
import { DEFAULT_CSV_COLUMNS } from '../../../../contract/csv-columns.ts';
import { unsupportedPart } from '../run/unsupported-job.ts';

const RECEIPT = ['receivedAt', 'apiKeyId', 'apiKeyLabel'];

let world: DashboardExports;

beforeAll(async () => {
  world = await startDashboardExports();
});
afterAll(async () => world?.[Symbol.asyncDispose]());

async function textOf(job: ExportJobJson): Promise<string> {
  const { api, key } = world;
  expect(await waitForExport(api, key, job.jobId)).toMatchObject({ status: 'succeeded' });
  return (await api.request(key, 'GET', `/v1/exports/${job.jobId}/download`)).text();
}

async function exported(csv: object): Promise<string> {
  const { api, key } = world;
  const answer = await api.request(key, 'POST', '/v1/exports', { body: { format: 'CSV', csv } });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return textOf((await answer.json()) as ExportJobJson);
}

function rowsOf(text: string): Record<string, string>[] {
  return parse(text, { columns: true, record_delimiter: '\r\n' });
}

test('a CSV file has the requested columns in their order, with receipt time and API key', async () => {
  const columns = ['apiKeyLabel', 'receivedAt', 'action', 'apiKeyId', 'id'];
  const text = await exported({ columns });
  expect(text.split('\r\n')[0]).toBe(columns.join());
  const rows = rowsOf(text);
  expect(rows).toHaveLength(40);
  const status = await world.api.request(world.key, 'GET', '/v1/keys/status');
  const { id } = (await status.json()) as { id: string };
  for (const row of rows) {
    expect(row).toMatchObject({ apiKeyId: id, action: 'a' });
    expect(row['receivedAt']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(Math.abs(Date.now() - Date.parse(row['receivedAt'] ?? ''))).toBeLessThan(3_600_000);
    expect(row['apiKeyLabel']).not.toBe('');
  }
});

test('a CSV file has the default columns if none are requested', async () => {
  const text = await exported({});
  expect(text.split('\r\n')[0]).toBe(DEFAULT_CSV_COLUMNS.join());
});

test('a CSV file has empty cells for events without a receipt, and the name of an API key is never a formula', async () => {
  const { region, company } = world;
  await region.owner.query(
    `UPDATE events SET received_at = NULL, api_key_id = NULL,
       api_key_label = CASE WHEN category = 'auth' THEN '=1+1' END WHERE company_id = $1`,
    [company.id],
  );
  const rows = rowsOf(await exported({ columns: ['category', ...RECEIPT] }));
  expect(rows).toHaveLength(40);
  for (const row of rows)
    expect(row).toMatchObject({
      receivedAt: '',
      apiKeyId: '',
      apiKeyLabel: row['category'] === 'auth' ? "'=1+1" : '',
    });
});

test.each([
  ['an unknown column', ['id', 'secret']],
  ['a column twice', ['id', 'id']],
  ['no column', []],
])('a request with %s is refused with the path of the column list', async (_, columns) => {
  const { api, key } = world;
  const body = { format: 'CSV', csv: { columns } };
  const answer = await api.request(key, 'POST', '/v1/exports', { body });
  const problem = await expectProblem(answer, 'VALIDATION_FAILED');
  expect(JSON.stringify(problem)).toContain('csv.columns');
});

test('a template keeps its columns, its runs and their reruns use them, and null resets them', async () => {
  const { owner, finish } = world;
  const columns = ['id', ...RECEIPT];
  const body = { name: 'Receipts', query: {}, format: 'CSV', csv: { columns } };
  const template = await owner.json<{ id: string; csv: object }>('POST', '/export-templates', {
    body,
    status: 201,
  });
  expect(template.csv).toEqual({ formulaGuard: true, bom: false, columns });
  const path = `/export-templates/${template.id}`;
  const run = await owner.json<ExportJobJson>('POST', `${path}/run`, { body: {}, status: 201 });
  expect(await finish(run)).toMatchObject({ status: 'succeeded', csv: { columns } });
  const rerun = await owner.json<ExportJobJson>('POST', `/exports/${run.jobId}/rerun`, {
    body: {},
    status: 201,
  });
  expect((await textOf(rerun)).split('\r\n')[0]).toBe(columns.join());
  const changed = await owner.json<{ csv: object }>('PATCH', path, {
    body: { csv: { columns: null } },
  });
  expect(changed.csv).toEqual({ formulaGuard: true, bom: false });
});

test('a worker that does not know a column leaves the job to a newer worker', async () => {
  const job = await createTestExport(world.region, world.company);
  expect(unsupportedPart(job)).toBeUndefined();
  const newer = { ...job, csvColumns: ['id', 'signature'] as unknown as ['id'] };
  expect(unsupportedPart(newer)).toContain('csv.columns signature');
});
