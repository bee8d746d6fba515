import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDashboard } from '../start-dashboard.ts';
import {
  type FakeApi,
  json,
  noContent,
  problem,
  type SeenRequest,
  startFakeApi,
} from '../testing/fake-api.ts';
import {
  type Browser,
  createDashboardDatabase,
  evidenceOf,
  expectProblem,
  signIn,
  type TestCompany,
  type TestDashboardDatabase,
} from '../testing/test-dashboard.ts';
import { patient } from '../../../testing/patience.ts';

const RUNNER = new URL('../testing/run-dashboard.ts', import.meta.url);

let db: TestDashboardDatabase;
let api: FakeApi;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;
let company: TestCompany;
let owner: Browser;
const children: ChildProcess[] = [];

beforeAll(async () => {
  db = await createDashboardDatabase();
  api = await startFakeApi();
  dashboard = await startDashboard(db.options(api.url));
  company = await db.company();
  owner = await signIn(dashboard.url, company.email('OWNER'));
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await dashboard.stop();
  await api[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

/** Starts a second dashboard in a separate process, so that the test can kill it. */
async function startVictim(): Promise<{ url: string; kill(): Promise<void> }> {
  const options = JSON.stringify(db.options(api.url));
  const child = fork(RUNNER, [options], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  children.push(child);
  const [message] = (await once(child, 'message')) as [{ url: string }];
  return {
    url: message.url,
    kill: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function jobDocument(jobId: string, status = 'pending', requester = 'somebody') {
  const { id: companyId, workspaceIds } = company;
  const rest = { format: 'CSV', filters: { version: 1, merged: true }, bytes: null, sha256: null };
  const requestedBy = { type: 'user', id: requester, label: 'somebody' };
  return { jobId, companyId, workspaceIds, status, requestedBy, ...rest };
}

/** Creates the requested job in the fake api with its idempotency key as its ID, as the real api does. */
function makeJob({ headers, claims }: SeenRequest): Record<string, unknown> {
  const jobId = String(headers['idempotency-key']);
  const job = jobDocument(jobId, 'pending', String(claims['sub']));
  api.on(`GET /dashboard/exports/${jobId}`, json(200, job));
  return job;
}

const BODY = { format: 'CSV', filters: { actions: ['a'] } };
const callsOf = (route: string, owner = company.email('OWNER')) =>
  api.seen.filter(
    ({ method, path, claims }) => `${method} ${path}` === route && claims['email'] === owner,
  );
const rows = (type: string) => evidenceOf(owner, `&type=${type}`);

test('an export request is recorded before the api receives it, under the ID of its job', async () => {
  let recorded: Record<string, unknown>[] = [];
  api.on('POST /dashboard/exports', async (response, request) => {
    recorded = await rows('EXPORT_REQUESTED');
    await json(201, makeJob(request))(response, request);
  });
  const job = await owner.json('POST', '/api/dashboard/exports', BODY);
  expect(recorded).toMatchObject([
    { jobId: job['jobId'], outcome: 'PENDING', format: 'CSV', filters: BODY.filters },
  ]);
  expect(await rows('EXPORT_REQUESTED')).toMatchObject([
    {
      jobId: job['jobId'],
      outcome: 'SUCCEEDED',
      filters: { version: 1, merged: true },
      user: { label: company.email('OWNER') },
    },
  ]);
});

test('a repeated request with the same idempotency key returns the same job and is recorded as REPLAYED', async () => {
  const key = randomUUID();
  const headers = { 'idempotency-key': key };
  api.on('POST /dashboard/exports', (response, request) =>
    json(201, makeJob(request))(response, request),
  );
  const first = await owner.send('POST', '/api/dashboard/exports', BODY, { headers });
  expect(await first.json()).toMatchObject({ jobId: key });
  api.on('POST /dashboard/exports', json(200, jobDocument(key)));
  expect((await owner.send('POST', '/api/dashboard/exports', BODY, { headers })).status).toBe(200);
  const recorded = (await rows('EXPORT_REQUESTED')).filter(({ jobId }) => jobId === key);
  expect(recorded.map(({ outcome }) => outcome)).toEqual(['SUCCEEDED', 'REPLAYED']);
  const malformed = { headers: { 'idempotency-key': 'again' } };
  const refused = await owner.send('POST', '/api/dashboard/exports', BODY, malformed);
  await expectProblem(refused, 'VALIDATION_FAILED');
});

test('a request that the api rejects is recorded with its error code', async () => {
  const jobId = randomUUID();
  api.on(`POST /dashboard/exports/${jobId}/rerun`, problem(404, 'NOT_FOUND'));
  api.on(`POST /dashboard/exports/${jobId}/cancel`, problem(409, 'EXPORT_NOT_CANCELABLE'));
  expect((await owner.send('POST', `/api/dashboard/exports/${jobId}/rerun`)).status).toBe(404);
  expect((await owner.send('POST', `/api/dashboard/exports/${jobId}/cancel`)).status).toBe(409);
  expect(await rows('EXPORT_RERUN')).toMatchObject([{ subjectId: jobId, outcome: 'NOT_FOUND' }]);
  expect(await rows('EXPORT_CANCELED')).toMatchObject([
    { jobId, outcome: 'EXPORT_NOT_CANCELABLE' },
  ]);
});

test('creating, changing, running and deleting a saved view is recorded', async () => {
  const id = randomUUID();
  const view = `explorer/views/${id}`;
  api.on('POST /dashboard/explorer/views', json(201, { id, name: 'x' }));
  api.on(`PATCH /dashboard/${view}`, (response, { headers }) =>
    json(headers['if-match'] === '"1"' ? 200 : 428, { id })(response, api.seen[0] as SeenRequest),
  );
  api.on(`POST /dashboard/${view}/run`, json(200, { query: {} }));
  api.on(`DELETE /dashboard/${view}`, (response) => void response.writeHead(204).end());
  await owner.json('POST', '/api/dashboard/explorer/views', { name: 'x', query: {} });
  const match = { headers: { 'if-match': '"1"' } };
  expect((await owner.send('PATCH', `/api/dashboard/${view}`, { name: 'y' }, match)).status).toBe(
    200,
  );
  await owner.json('POST', `/api/dashboard/${view}/run`);
  expect((await owner.send('DELETE', `/api/dashboard/${view}`)).status).toBe(204);
  for (const type of ['CREATED', 'UPDATED', 'RUN', 'DELETED'])
    expect(await rows(`SAVED_VIEW_${type}`)).toMatchObject([
      { subjectId: id, outcome: 'SUCCEEDED' },
    ]);
});

test('if the dashboard is killed before the api handles a request, the request is repeated once under the same ID', async () => {
  const victim = await startVictim();
  const browser = await signIn(victim.url, company.email('ADMIN'));
  const { promise: arrived, resolve } = Promise.withResolvers<undefined>();
  // The api receives the first call but does nothing, as if the call had never arrived.
  api.on('POST /dashboard/exports', async (response) => {
    resolve(undefined);
    await once(response, 'close');
  });
  const answer = browser.send('POST', '/api/dashboard/exports', BODY).catch(() => 'cut');
  await arrived;
  api.on('POST /dashboard/exports', (response, request) =>
    json(201, makeJob(request))(response, request),
  );
  await victim.kill();
  expect(await answer).toBe('cut');
  const mine = async () =>
    (await rows('EXPORT_REQUESTED')).filter(
      (row) => (row['user'] as { label: string }).label === company.email('ADMIN'),
    );
  await expect.poll(mine, { timeout: patient(15_000) }).toMatchObject([{ outcome: 'SUCCEEDED' }]);
  const calls = callsOf('POST /dashboard/exports', company.email('ADMIN'));
  expect(calls).toHaveLength(2);
  expect(calls[1]?.body).toBe(calls[0]?.body);
  expect(calls[1]?.headers['idempotency-key']).toBe(calls[0]?.headers['idempotency-key']);
  expect((await mine())[0]?.['jobId']).toBe(calls[0]?.headers['idempotency-key']);
});

test('if the dashboard is killed between call and outcome, the job is found and the request is not repeated', async () => {
  const victim = await startVictim();
  const browser = await signIn(victim.url, company.email('BILLING'));
  const { promise: done, resolve } = Promise.withResolvers<undefined>();
  api.on('POST /dashboard/exports', async (response, request) => {
    makeJob(request);
    resolve(undefined);
    await once(response, 'close');
  });
  const answer = browser.send('POST', '/api/dashboard/exports', BODY).catch(() => 'cut');
  await done;
  await victim.kill();
  expect(await answer).toBe('cut');
  const mine = async () =>
    (await rows('EXPORT_REQUESTED')).filter(
      (row) => (row['user'] as { label: string }).label === company.email('BILLING'),
    );
  await expect
    .poll(mine, { timeout: patient(15_000) })
    .toMatchObject([{ outcome: 'SUCCEEDED', filters: { merged: true } }]);
  expect(callsOf('POST /dashboard/exports', company.email('BILLING'))).toHaveLength(1);
});

test('if the dashboard is killed between STARTED and COMPLETED, the download is recorded as ABORTED once', async () => {
  const victim = await startVictim();
  const browser = await signIn(victim.url, company.email('OWNER'));
  const jobId = randomUUID();
  api.on(
    `GET /dashboard/exports/${jobId}`,
    json(200, { ...jobDocument(jobId, 'succeeded'), bytes: 5_000, sha256: 'ab' }),
  );
  api.on(`GET /dashboard/exports/${jobId}/download`, async (response: ServerResponse) => {
    response.writeHead(200, { 'content-length': 5_000, 'content-type': 'text/csv' });
    response.write(Buffer.alloc(1_000));
    await once(response, 'close');
  });
  const answer = await browser.send('GET', `/api/exports/${jobId}/download`);
  const cut = expect(answer.arrayBuffer()).rejects.toThrow();
  await victim.kill();
  await cut;
  const types = async () =>
    (await evidenceOf(owner, `&jobId=${jobId}`)).map(
      ({ type, outcome }) => `${String(type)} ${String(outcome)}`,
    );
  await expect
    .poll(types, { timeout: patient(15_000) })
    .toEqual(['EXPORT_DOWNLOAD_STARTED ORPHANED', 'EXPORT_DOWNLOAD_ABORTED ORPHANED']);
});

test('if the dashboard is killed during saved-view writes, each is settled by the state of the api and none is repeated', async () => {
  const victim = await startVictim();
  const browser = await signIn(victim.url, company.email('OWNER'));
  const ids = { made: randomUUID(), changed: randomUUID(), kept: randomUUID(), gone: randomUUID() };
  const view = (id: string, name: string, updatedAt: Date) => ({
    id,
    name,
    createdAt: updatedAt,
    updatedAt,
  });
  const earlier = new Date(Date.now() - 3_600_000);
  const arrived: Promise<unknown>[] = [];
  const hold = (route: string) => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    arrived.push(promise);
    api.on(route, async (response) => {
      resolve(undefined);
      await once(response, 'close');
    });
  };
  const path = (id: string) => `/dashboard/explorer/views/${id}`;
  hold('POST /dashboard/explorer/views');
  hold(`PATCH ${path(ids.changed)}`);
  hold(`PATCH ${path(ids.kept)}`);
  hold(`DELETE ${path(ids.gone)}`);
  hold(`DELETE ${path(ids.kept)}`);
  hold(`POST ${path(ids.kept)}/run`);
  // Before the dashboard was killed, the api created one view, changed one and deleted one.
  const made = view(ids.made, 'made', new Date());
  api.on('GET /dashboard/explorer/views', json(200, { data: [made] }));
  api.on(`GET ${path(ids.changed)}`, json(200, view(ids.changed, 'x', new Date())));
  api.on(`GET ${path(ids.kept)}`, json(200, view(ids.kept, 'x', earlier)));
  const send = (method: string, id: string, body?: object) =>
    browser.send(method, `/api${path(id)}`, body).catch(() => 'cut');
  const answers = [
    browser
      .send('POST', '/api/dashboard/explorer/views', { name: ' made ', query: {} })
      .catch(() => 'cut'),
    send('PATCH', ids.changed, { name: 'x' }),
    send('PATCH', ids.kept, { name: 'x' }),
    send('DELETE', ids.gone),
    send('DELETE', ids.kept),
    send('POST', `${ids.kept}/run`),
  ];
  await Promise.all(arrived);
  await victim.kill();
  expect(await Promise.all(answers)).toEqual(Array(6).fill('cut'));
  const settled = async () => {
    const all = await evidenceOf(owner);
    return all
      .filter(({ subjectId }) => (Object.values(ids) as unknown[]).includes(subjectId))
      .map(({ type, subjectId, outcome }) =>
        [type, Object.entries(ids).find(([, id]) => id === subjectId)?.[0], outcome].join(' '),
      )
      .toSorted((a, b) => (a < b ? -1 : 1));
  };
  await expect
    .poll(settled, { timeout: patient(15_000) })
    .toEqual([
      'SAVED_VIEW_CREATED made SUCCEEDED',
      'SAVED_VIEW_DELETED gone SUCCEEDED',
      'SAVED_VIEW_DELETED kept NOT_DONE',
      'SAVED_VIEW_RUN kept UNKNOWN',
      'SAVED_VIEW_UPDATED changed SUCCEEDED',
      'SAVED_VIEW_UPDATED kept NOT_DONE',
    ]);
  for (const route of [`PATCH ${path(ids.kept)}`, `DELETE ${path(ids.kept)}`])
    expect(callsOf(route)).toHaveLength(1);
});

test('if the api responds too late, the browser gets API_UNAVAILABLE and the created job is found later', async () => {
  const impatient = await startDashboard({
    ...db.options(api.url),
    apiTimeoutMs: 200,
    times: { ...db.options(api.url).times, callAfterMs: 600 },
  });
  try {
    const browser = await signIn(impatient.url, company.email('ADMIN'));
    const { promise: heard, resolve } = Promise.withResolvers<undefined>();
    const before = callsOf('POST /dashboard/exports', company.email('ADMIN')).length;
    api.on('POST /dashboard/exports', async (response, request) => {
      await heard;
      await json(201, makeJob(request))(response, request);
    });
    const answer = await browser.send('POST', '/api/dashboard/exports', BODY);
    expect(answer.headers.get('retry-after')).toBe('60');
    const { jobId, detail } = await expectProblem(answer, 'API_UNAVAILABLE');
    expect(detail).toContain('did not respond');
    resolve(undefined);
    await expect
      .poll(() => evidenceOf(owner, `&jobId=${String(jobId)}`), { timeout: patient(15_000) })
      .toMatchObject([{ type: 'EXPORT_REQUESTED', jobId, outcome: 'SUCCEEDED' }]);
    const calls = callsOf('POST /dashboard/exports', company.email('ADMIN')).slice(before);
    expect(new Set(calls.map(({ headers }) => headers['idempotency-key']))).toEqual(
      new Set([jobId]),
    );
  } finally {
    await impatient.stop();
  }
});

test('an export request that cannot reach the api is rejected and recorded as API_UNAVAILABLE', async () => {
  const alone = await startDashboard(db.options('http://127.0.0.1:9'));
  try {
    const browser = await signIn(alone.url, company.email('OWNER'));
    const before = (await rows('EXPORT_REQUESTED')).length;
    await expectProblem(
      await browser.send('POST', '/api/dashboard/exports', BODY),
      'API_UNAVAILABLE',
    );
    const after = await rows('EXPORT_REQUESTED');
    expect(after).toHaveLength(before + 1);
    expect(after.at(-1)).toMatchObject({ outcome: 'API_UNAVAILABLE' });
  } finally {
    await alone.stop();
  }
});

test('if the api fails after its commit, the job is found immediately', async () => {
  api.on('POST /dashboard/exports', (response, request) => {
    makeJob(request);
    return problem(500, 'INTERNAL')(response, request);
  });
  const job = await owner.json('POST', '/api/dashboard/exports', BODY);
  expect((await rows('EXPORT_REQUESTED')).at(-1)).toMatchObject({
    jobId: job['jobId'],
    outcome: 'SUCCEEDED',
  });
  api.on('POST /dashboard/exports', problem(503, 'REGION_UNAVAILABLE'));
  expect((await owner.send('POST', '/api/dashboard/exports', BODY)).status).toBe(503);
  expect((await rows('EXPORT_REQUESTED')).at(-1)).toMatchObject({ outcome: 'REGION_UNAVAILABLE' });
});

test('if the api fails, a job of another person with the same idempotency key is not shown', async () => {
  const key = randomUUID();
  api.on(`GET /dashboard/exports/${key}`, json(200, jobDocument(key, 'succeeded', 'another')));
  api.on('POST /dashboard/exports', problem(503, 'SERVER_BUSY'));
  const headers = { 'idempotency-key': key };
  const answer = await owner.send('POST', '/api/dashboard/exports', BODY, { headers });
  expect(answer.status).toBe(503);
  expect(await answer.text()).not.toContain('merged');
  const recorded = (await rows('EXPORT_REQUESTED')).filter(({ jobId }) => jobId === key);
  expect(recorded.map(({ outcome }) => outcome)).toEqual(['SERVER_BUSY']);
});

test('a request that cannot be recorded is not executed', async () => {
  const before = callsOf('POST /dashboard/exports').length;
  await asOwnerRole('REVOKE INSERT ON evidence FROM exhibit_dashboard');
  try {
    await expectProblem(
      await owner.send('POST', '/api/dashboard/exports', BODY),
      'EVIDENCE_UNAVAILABLE',
    );
  } finally {
    await asOwnerRole('GRANT INSERT ON evidence TO exhibit_dashboard');
  }
  const down = await startDashboard({
    ...db.options(api.url),
    databaseUrl: 'postgres://x:x@127.0.0.1:9/x',
  });
  try {
    const send = (method: string) =>
      fetch(`${down.url}/api/dashboard/exports`, { method, headers: { cookie: owner.cookie } });
    await expectProblem(await send('POST'), 'EVIDENCE_UNAVAILABLE');
    await expectProblem(await send('GET'), 'DASHBOARD_UNAVAILABLE');
  } finally {
    await down.stop();
  }
  expect(callsOf('POST /dashboard/exports')).toHaveLength(before);
});

test('the database role of the dashboard cannot change or remove evidence', async () => {
  for (const statement of [
    "UPDATE evidence SET actor_label = 'x'",
    'DELETE FROM evidence',
    'TRUNCATE evidence',
    'DROP TABLE evidence',
  ])
    await expect(db.pool.query(statement), statement).rejects.toMatchObject({ code: '42501' });
});

test('an outbox row of a region is recorded once even if it is delivered several times', async () => {
  const row = {
    outboxId: randomUUID(),
    companyId: company.id,
    at: '2026-01-02T03:04:05.678Z',
    action: 'EXPORT_REQUESTED',
    actor: { type: 'api_key', id: randomUUID(), label: 'nightly' },
    subject: { type: 'export', id: randomUUID() },
    details: { format: 'JSONL', filters: { version: 1 } },
    requestId: 'r',
    ip: null,
    userAgent: null,
  };
  let given = 0;
  // The acknowledgement is lost twice, so the row is delivered three times.
  api.on('POST /dashboard/outbox/ack', async (response, request) => {
    given += 1;
    if (given < 3) {
      response.destroy();
      return;
    }
    api.on('GET /dashboard/outbox', json(200, { data: [] }));
    await noContent(response, request);
  });
  api.on('GET /dashboard/outbox', json(200, { data: [row] }));
  await expect.poll(() => given, { timeout: patient(10_000) }).toBe(3);
  expect(await evidenceOf(owner, `&jobId=${row.subject.id}`)).toMatchObject([
    {
      type: 'EXPORT_REQUESTED',
      at: row.at,
      user: row.actor,
      format: 'JSONL',
      filters: { version: 1 },
      outcome: 'SUCCEEDED',
    },
  ]);
});

test('outbox rows that are too large together are recorded one at a time', {
  timeout: patient(90_000),
}, async () => {
  const entry = (label: string) => ({
    outboxId: randomUUID(),
    companyId: company.id,
    at: '2026-01-02T03:04:05.678Z',
    action: 'EXPORT_REQUESTED',
    actor: { type: 'api_key', id: randomUUID(), label },
    subject: { type: 'export', id: randomUUID() },
    details: { format: 'JSONL', filters: { version: 1 } },
    requestId: null,
    ip: null,
    userAgent: null,
  });
  const left = [entry('first'), entry('second')];
  const subjects = left.map(({ subject }) => subject.id);
  const tooLarge = ' '.repeat(17 * 1024 * 1024);
  api.on('GET /dashboard/outbox', (response, { path }) => {
    const limit = Number(new URL(path, api.url).searchParams.get('limit'));
    const answer = JSON.stringify({ data: left.slice(0, limit) });
    response.end(limit > 1 && left.length > 0 ? answer + tooLarge : answer);
  });
  api.on('POST /dashboard/outbox/ack', (response) => {
    left.shift();
    response.writeHead(204).end();
  });
  // Sixteen responses of 17 MiB are slow on a busy machine.
  await expect.poll(() => left, { timeout: patient(60_000) }).toEqual([]);
  api.on('GET /dashboard/outbox', json(200, { data: [] }));
  for (const jobId of subjects) expect(await evidenceOf(owner, `&jobId=${jobId}`)).toHaveLength(1);
});

async function asOwnerRole(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: db.database.url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
