import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDashboardExports } from '../../../../../testing/dashboard-exports.ts';
import { testUser, type TestUser } from '../../../../../testing/dashboard-user.ts';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { startExport } from '../../../../../testing/finished-export.ts';
import type { ExportJobJson } from '../../../../../testing/wait-for-export.ts';

const world = await startDashboardExports();
const { region, api, company, mine, other, key, owner, member, create, finish, view } = world;
afterAll(() => world[Symbol.asyncDispose]());

const linesOf = async (user: TestUser, { jobId }: ExportJobJson) =>
  (await (await user.request('GET', `/exports/${jobId}/download`)).text()).split('\n').slice(0, -1);

async function auditOf(subjectId: string): Promise<string[]> {
  const { rows } = await region.owner.query<{ action: string }>(
    'SELECT action FROM audit_log WHERE company_id = $1 AND subject_id = $2 ORDER BY audit_id',
    [company.id, subjectId],
  );
  return rows.map(({ action }) => action);
}

describe('an export from the dashboard', () => {
  test('an export is created, runs and is downloaded in parts, with an audit row for each step', async () => {
    const job = await create(owner, { filters: { category: 'auth' }, purpose: 'TICKET-1' });
    expect(job).toMatchObject({
      status: 'pending',
      requestedBy: { type: 'user', id: owner.id, label: owner.email },
      filters: { version: 1, categories: ['auth'] },
      purpose: 'TICKET-1',
      rowsExpected: 20,
    });
    expect(await finish(job)).toMatchObject({ status: 'succeeded', rowsExported: 20 });
    expect(await linesOf(owner, job)).toHaveLength(20);
    const url = `/exports/${job.jobId}/download`;
    const part = await owner.request('GET', url, { headers: { range: 'bytes=0-9' } });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10]);
    const head = await owner.request('HEAD', url);
    expect(head.headers.get('content-type')).toBe('application/x-ndjson');
    expect(await auditOf(job.jobId)).toEqual([
      'EXPORT_REQUESTED',
      'EXPORT_DOWNLOADED',
      'EXPORT_DOWNLOADED',
    ]);
  });

  test('an export from a saved view takes explicit fields from the request, and null clears a field', async () => {
    const viewId = await view(owner, { category: 'auth', to: '2026-05-14T00:20:00Z' });
    const kept = await create(owner, { savedExplorerViewId: viewId });
    expect(kept).toMatchObject({
      savedExplorerViewId: viewId,
      filters: { to: '2026-05-14T00:20:00Z', categories: ['auth'] },
      rowsExpected: 10,
    });
    const filters = { categories: ['user'], to: null };
    const overlaid = await create(owner, { savedExplorerViewId: viewId, filters });
    expect(overlaid.filters).toEqual({ version: 1, categories: ['user'] });
    const empty = {
      savedExplorerViewId: viewId,
      format: 'CSV',
      filters: { from: '2026-05-14T00:20:00Z' },
    };
    await expectProblem(
      await owner.request('POST', '/exports', { body: empty }),
      'VALIDATION_FAILED',
    );
  });

  test('an export from a view that is deleted, unknown or not visible to the caller is refused', async () => {
    const gone = await view(owner, {});
    await owner.json('DELETE', `/explorer/views/${gone}`, { status: 204 });
    const foreign = await view(owner, {}, other);
    for (const [user, savedExplorerViewId] of [
      [owner, gone],
      [owner, randomUUID()],
      [member, foreign],
    ] as const)
      await expectProblem(
        await user.request('POST', '/exports', { body: { format: 'CSV', savedExplorerViewId } }),
        'NOT_FOUND',
      );
  });

  test('a relative range is resolved when the job is created', async () => {
    const viewId = await view(owner, { range: { last: '24h' } });
    const { filters } = await create(owner, { savedExplorerViewId: viewId });
    const length = Date.parse(filters.to ?? '') - Date.parse(filters.from ?? '');
    expect(length).toBe(86_400_000);
    expect(Math.abs(Date.now() - Date.parse(filters.to ?? ''))).toBeLessThan(60_000);
  });

  test('an export of a member must name one of their workspaces, in the filters or through a view', async () => {
    const send = (body: object) =>
      member.request('POST', '/exports', { body: { format: 'CSV', ...body } });
    await expectProblem(await send({}), 'WORKSPACE_REQUIRED');
    for (const workspaceId of [other, randomUUID(), 'x'])
      await expectProblem(await send({ filters: { workspaceId } }), 'WORKSPACE_FORBIDDEN');
    await expectProblem(
      await send({ filters: { workspaceIds: [mine, other] } }),
      'WORKSPACE_FORBIDDEN',
    );
    const savedExplorerViewId = await view(member, {}, mine);
    expect((await create(member, { savedExplorerViewId })).workspaceIds).toEqual([mine]);
    const cleared = { savedExplorerViewId, filters: { workspaceId: null } };
    await expectProblem(await send(cleared), 'WORKSPACE_REQUIRED');
    const job = await create(member, { filters: { workspaceId: mine } });
    expect(await finish(job)).toMatchObject({ rowsExported: 30, workspaceIds: [mine] });
  });

  test('an export with a misspelt filter, an unsupported source or an unknown format is refused', async () => {
    for (const body of [
      { format: 'CSV', filters: { categry: 'auth' } },
      { format: 'CSV', filters: { categry: null } },
      { format: 'CSV', colour: 'red' },
      { format: 'XML' },
      { format: 'CSV', savedExplorerViewId: 'x' },
    ])
      await expectProblem(await owner.request('POST', '/exports', { body }), 'VALIDATION_FAILED');
    const archived = { format: 'CSV', source: 'ARCHIVED' };
    await expectProblem(
      await owner.request('POST', '/exports', { body: archived }),
      'SOURCE_UNSUPPORTED',
    );
  });
});

describe('an Idempotency-Key', () => {
  const send = (user: TestUser, id: string, body: object, path = '/exports') =>
    user.request('POST', path, { body, headers: { 'idempotency-key': id } });

  test('an Idempotency-Key that is a UUID becomes the id of the job, and a repeated request returns that job', async () => {
    const id = randomUUID();
    const first = await send(owner, id, { format: 'CSV', filters: { category: 'auth' } });
    expect([first.status, ((await first.json()) as ExportJobJson).jobId]).toEqual([201, id]);
    const again = await send(owner, id.toUpperCase(), {
      format: 'CSV',
      filters: { categories: ['auth'] },
    });
    expect([again.status, ((await again.json()) as ExportJobJson).jobId]).toEqual([200, id]);
    await expectProblem(await send(owner, id, { format: 'JSONL' }), 'IDEMPOTENCY_CONFLICT');
    expect(await auditOf(id)).toEqual(['EXPORT_REQUESTED']);
  });

  test('a repeated Idempotency-Key returns its job although the view was deleted', async () => {
    const id = randomUUID();
    const savedExplorerViewId = await view(owner, {});
    const body = { format: 'CSV', savedExplorerViewId };
    expect((await send(owner, id, body)).status).toBe(201);
    await owner.json('DELETE', `/explorer/views/${savedExplorerViewId}`, { status: 204 });
    expect((await send(owner, id, body)).status).toBe(200);
  });

  test('an Idempotency-Key that is the id of another user’s job is a conflict', async () => {
    const id = randomUUID();
    await send(owner, id, { format: 'CSV' });
    const admin = testUser(api, { companyId: company.id, role: 'ADMIN' });
    await expectProblem(await send(admin, id, { format: 'CSV' }), 'IDEMPOTENCY_CONFLICT');
  });

  test('an Idempotency-Key in several concurrent requests creates one job', async () => {
    const id = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => send(owner, id, { format: 'CSV' })),
    );
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 201]);
  });

  test('an Idempotency-Key works for a rerun and for running a template', async () => {
    const job = await create(owner, {});
    await finish(job);
    const body = { name: randomUUID(), query: {}, format: 'CSV' };
    const template = await owner.json<{ id: string }>('POST', '/export-templates', {
      body,
      status: 201,
    });
    for (const path of [`/exports/${job.jobId}/rerun`, `/export-templates/${template.id}/run`]) {
      const id = randomUUID();
      const headers = { 'idempotency-key': id };
      expect(await owner.json('POST', path, { headers, status: 201 })).toMatchObject({ jobId: id });
      expect(await owner.json('POST', path, { headers, status: 200 })).toMatchObject({ jobId: id });
      await expectProblem(await send(owner, id, { format: 'CSV' }), 'IDEMPOTENCY_CONFLICT');
    }
  });
});

describe('a rerun', () => {
  test('a rerun is a new job with the same parameters and the scope of the user who reruns it', async () => {
    const first = await create(owner, {
      format: 'CSV',
      compression: 'gzip',
      csv: { bom: true },
      filters: { workspaceId: mine, category: 'auth' },
      limit: 5,
      purpose: 'again',
    });
    await finish(first);
    const rerun = await member.json<ExportJobJson>('POST', `/exports/${first.jobId}/rerun`, {
      status: 201,
    });
    expect(rerun.jobId).not.toBe(first.jobId);
    const { format, compression, csv, filters, limit, purpose, workspaceIds } = first;
    expect(rerun).toMatchObject({
      format,
      compression,
      csv,
      filters,
      limit,
      purpose,
      workspaceIds,
    });
    expect(rerun).toMatchObject({ rerunOf: first.jobId, requestedBy: { id: member.id } });
    expect(await finish(rerun)).toMatchObject({ status: 'succeeded', rowsExported: 5 });
    expect((await auditOf(rerun.jobId))[0]).toBe('EXPORT_RERUN');
    const reruns = `/exports?rerunOf=${first.jobId}`;
    const { data } = await member.json<{ data: ExportJobJson[] }>('GET', reruns);
    expect(data.map(({ jobId }) => jobId)).toEqual([rerun.jobId]);
  });

  test('a rerun of a job with a foreign workspace is answered like an unknown job', async () => {
    const job = await create(owner, {});
    await finish(job);
    await expectProblem(await member.request('POST', `/exports/${job.jobId}/rerun`), 'NOT_FOUND');
  });

  test('a rerun covers the workspaces of the first job and none created since', async () => {
    const job = await create(owner, {});
    await finish(job);
    const system = testUser(api, { companyId: company.id, role: 'SYSTEM' });
    const body = { name: 'Company', workspaces: [{ id: randomUUID(), name: 'New' }] };
    await system.json('PUT', '/company', { body, status: 204 });
    const rerun = await owner.json<ExportJobJson>('POST', `/exports/${job.jobId}/rerun`, {
      status: 201,
    });
    expect(rerun.workspaceIds).toEqual(job.workspaceIds);
  });
});

describe('a template run', () => {
  test('running a template queues a job with its filters and options, which the request can override', async () => {
    const body = {
      name: 'weekly',
      query: { category: 'auth', range: { last: '3650d' } },
      workspaceId: mine,
      format: 'CSV',
      compression: 'zstd',
    };
    const { id } = await owner.json<{ id: string }>('POST', '/export-templates', {
      body,
      status: 201,
    });
    const plain = await member.json<ExportJobJson>('POST', `/export-templates/${id}/run`, {
      status: 201,
    });
    expect(plain).toMatchObject({
      templateId: id,
      format: 'CSV',
      compression: 'zstd',
      workspaceIds: [mine],
    });
    expect(plain.filters).toMatchObject({
      categories: ['auth'],
      from: expect.any(String) as string,
    });
    const overrides = { compression: 'none', filters: { category: null, action: 'a' }, limit: 3 };
    const changed = await owner.json<ExportJobJson>('POST', `/export-templates/${id}/run`, {
      body: overrides,
      status: 201,
    });
    expect(changed).toMatchObject({
      compression: 'none',
      limit: 3,
      filters: { actions: ['a'], workspaceIds: [mine] },
    });
    expect(changed.filters.categories).toBeUndefined();
    expect(await finish(changed)).toMatchObject({ rowsExported: 3, truncated: true });
    expect(await auditOf(id)).toEqual([
      'EXPORT_TEMPLATE_CREATED',
      'EXPORT_TEMPLATE_RUN',
      'EXPORT_TEMPLATE_RUN',
    ]);
  });
});

describe('the list of exports', () => {
  interface List {
    data: ExportJobJson[];
    nextCursor: string | null;
  }

  test('the list of exports filters by status, format, requester and workspace, newest first, whatever the ids', async () => {
    const admin = testUser(api, { companyId: company.id, role: 'ADMIN' });
    const made: string[] = [];
    for (const format of ['CSV', 'JSONL', 'CSV', 'CSV']) {
      const headers = { 'idempotency-key': randomUUID() };
      const body = { format, filters: { workspaceId: other } };
      const job = await admin.json<ExportJobJson>('POST', '/exports', {
        body,
        headers,
        status: 201,
      });
      await finish(job);
      made.unshift(job.jobId);
    }
    const list = (query: string) =>
      owner.json<List>('GET', `/exports?requestedBy=${admin.id}&${query}`);
    const first = await list('limit=3');
    const second = await list(`limit=3&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data].map(({ jobId }) => jobId)).toEqual(made);
    expect((await list('format=JSONL')).data).toHaveLength(1);
    expect((await list('status=succeeded&status=failed')).data).toHaveLength(4);
    expect((await list('status=pending')).data).toHaveLength(0);
    expect((await list(`workspaceId=${other}`)).data).toHaveLength(4);
    expect((await list(`workspaceId=${mine}`)).data).toHaveLength(0);
    await expectProblem(await owner.request('GET', '/exports?status=done'), 'VALIDATION_FAILED');
    await expectProblem(await owner.request('GET', '/exports?sort=x'), 'VALIDATION_FAILED');
  });

  test('the list of exports works for a member of a thousand workspaces', async () => {
    const workspaceIds = [mine, ...Array.from({ length: 999 }, () => randomUUID())];
    const busy = testUser(api, { companyId: company.id, role: 'MEMBER', workspaceIds });
    await busy.json<List>('GET', '/exports');
  });

  test('the list of exports shows a member the jobs whose workspaces are all theirs, including jobs created with API keys', async () => {
    const byKey = await startExport(api, key, { format: 'CSV', filters: { workspaceId: mine } });
    const wide = await startExport(api, key, { format: 'CSV' });
    const { data } = await member.json<List>('GET', '/exports?limit=200');
    const ids = data.map(({ jobId }) => jobId);
    expect(ids).toContain(byKey.jobId);
    expect(ids).not.toContain(wide.jobId);
    expect(data.every(({ workspaceIds }) => workspaceIds.every((id) => id === mine))).toBe(true);
    await expectProblem(await member.request('GET', `/exports/${wide.jobId}`), 'NOT_FOUND');
    await expectProblem(
      await member.request('GET', `/exports/${wide.jobId}/download`),
      'NOT_FOUND',
    );
  });
});

describe('without a worker', () => {
  beforeAll(() => world.stopWorker());

  test('the capabilities report that no export worker is running', async () => {
    const answer = await owner.json<{ filteredHotExports: { reason: string } }>(
      'GET',
      '/exports/capabilities',
    );
    expect(answer.filteredHotExports.reason).toContain('No export worker is running');
  });

  test('a waiting job cannot be rerun, and a member cancels only their own', async () => {
    const own = await create(member, { filters: { workspaceId: mine } });
    const colleagues = await create(owner, { filters: { workspaceId: mine } });
    await expectProblem(
      await member.request('POST', `/exports/${own.jobId}/rerun`),
      'EXPORT_NOT_RERUNNABLE',
    );
    const cancel = (user: TestUser, { jobId }: ExportJobJson) =>
      user.request('POST', `/exports/${jobId}/cancel`);
    await expectProblem(await cancel(member, colleagues), 'PERMISSION_DENIED');
    expect((await cancel(member, own)).status).toBe(200);
    await expectProblem(await cancel(member, own), 'EXPORT_NOT_CANCELABLE');
    expect((await cancel(owner, colleagues)).status).toBe(200);
    expect(await auditOf(own.jobId)).toEqual(['EXPORT_REQUESTED', 'EXPORT_CANCELED']);
    const rerun = await member.json('POST', `/exports/${own.jobId}/rerun`, { status: 201 });
    expect(rerun).toMatchObject({ rerunOf: own.jobId, status: 'pending' });
  });
});
