import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { startDashboardExports } from '../../../../../testing/dashboard-exports.ts';
import { expectProblem } from '../../../../../testing/expect-problem.ts';

const world = await startDashboardExports();
const { region, owner, create, finish, view } = world;
afterAll(() => world[Symbol.asyncDispose]());

const NEWER = JSON.stringify({
  version: 2,
  categories: ['auth'],
  excludeActions: ['login.succeeded'],
});

const store = (table: string, column: string, id: string) =>
  region.owner.query(
    `UPDATE ${table} SET ${column === 'job_id' ? 'filters' : 'query'} = $2 WHERE ${column} = $1`,
    [id, NEWER],
  );

test('a saved view from a newer version is listed, but cannot be run or exported', async () => {
  const viewId = await view(owner, { category: 'auth' });
  await store('saved_explorer_views', 'view_id', viewId);
  const { data } = await owner.json<{ data: { id: string; query: unknown }[] }>(
    'GET',
    '/explorer/views',
  );
  expect(data.find(({ id }) => id === viewId)?.query).toEqual(JSON.parse(NEWER));
  const uses = [
    owner.request('POST', `/explorer/views/${viewId}/run`),
    owner.request('POST', '/exports', { body: { format: 'CSV', savedExplorerViewId: viewId } }),
    owner.request('POST', '/exports/estimate', { body: { savedExplorerViewId: viewId } }),
  ];
  for (const answer of await Promise.all(uses)) {
    const { detail } = await expectProblem(answer, 'NEWER_VERSION');
    expect(detail).toContain('excludeActions');
  }
});

test('renaming a saved view from a newer version keeps its query unchanged', async () => {
  const viewId = await view(owner, { category: 'auth' });
  await store('saved_explorer_views', 'view_id', viewId);
  const body = { name: `renamed ${randomUUID()}` };
  const renamed = await owner.json<{ query: unknown }>('PATCH', `/explorer/views/${viewId}`, {
    body,
  });
  expect(renamed.query).toEqual(JSON.parse(NEWER));
});

test('a template from a newer version cannot be run', async () => {
  const body = { name: randomUUID(), query: { category: 'auth' }, format: 'CSV' };
  const { id } = await owner.json<{ id: string }>('POST', '/export-templates', {
    body,
    status: 201,
  });
  await store('export_templates', 'template_id', id);
  await expectProblem(await owner.request('POST', `/export-templates/${id}/run`), 'NEWER_VERSION');
});

test('an export from a newer version is shown with its filters, but cannot be rerun', async () => {
  const job = await create(owner, { filters: { category: 'auth' } });
  await finish(job);
  await store('export_jobs', 'job_id', job.jobId);
  const shown = await owner.json<{ filters: unknown }>('GET', `/exports/${job.jobId}`);
  expect(shown.filters).toEqual(JSON.parse(NEWER));
  await expectProblem(await owner.request('POST', `/exports/${job.jobId}/rerun`), 'NEWER_VERSION');
});

test('an export in a state that a newer version added is shown without actions', async () => {
  const job = await create(owner, { filters: { category: 'auth' } });
  await finish(job);
  await region.owner.query('ALTER TABLE export_jobs DROP CONSTRAINT export_jobs_status_check');
  await region.owner.query(
    `UPDATE export_jobs SET status = 'verifying', format = 'JSONL' WHERE job_id = $1`,
    [job.jobId],
  );
  expect(await owner.json('GET', `/exports/${job.jobId}`)).toMatchObject({ status: 'verifying' });
  await owner.json('GET', '/exports');
  await expectProblem(
    await owner.request('GET', `/exports/${job.jobId}/download`),
    'EXPORT_NOT_READY',
  );
  await expectProblem(
    await owner.request('POST', `/exports/${job.jobId}/rerun`),
    'EXPORT_NOT_RERUNNABLE',
  );
});
