import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDashboard } from '../start-dashboard.ts';
import {
  type FakeApi,
  json,
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

let db: TestDashboardDatabase;
let api: FakeApi;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;
let company: TestCompany;
let owner: Browser;

beforeAll(async () => {
  db = await createDashboardDatabase();
  api = await startFakeApi();
  const options = db.options(api.url);
  // Long enough for a test to see an open intent, short enough for it to see the reconciler settle it.
  dashboard = await startDashboard({
    ...options,
    apiTimeoutMs: 2_000,
    times: { ...options.times, callAfterMs: 2_500 },
  });
  company = await db.company();
  owner = await signIn(dashboard.url, company.email('OWNER'));
});
afterAll(async () => {
  await dashboard.stop();
  await api[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

const HTML = '<html><body>504 Gateway Time-out</body></html>';
const send = (status: number, type: string, text: string) => (response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': type, location: 'https://portal/' }).end(text);
const document = (status: number, code: string) =>
  JSON.stringify({ type: 'about:blank', title: 'x', status, code, detail: 'x', requestId: 'x' });

/** Responses of gateways between the dashboard and the api. */
const GATEWAY_ANSWERS = [
  ['504 with HTML', send(504, 'text/html', HTML)],
  ['502 without a body', send(502, 'text/plain', '')],
  ['503 with JSON', send(503, 'application/json', '{"message":"no healthy upstream"}')],
  ['429 with JSON', send(429, 'application/json', '{"message":"slow down"}')],
  ['403 with HTML', send(403, 'text/html', '<h1>Forbidden</h1>')],
  ['404 with HTML', send(404, 'text/html', '<h1>default backend</h1>')],
  [
    '504 with a problem document that is not ours',
    send(504, 'application/problem+json', document(504, 'GATEWAY_TIMEOUT')),
  ],
  [
    '400 with one of our codes that has another status',
    send(400, 'application/problem+json', document(400, 'NOT_FOUND')),
  ],
  ['a truncated problem', send(409, 'application/problem+json', '{"type":"about:bl')],
  ['302 to a captive portal', send(302, 'text/html', '')],
  ['200 with HTML of a captive portal', send(200, 'text/html', '<h1>Please sign in</h1>')],
  ['201 with truncated JSON', send(201, 'application/json', '{"jobId":"')],
  ['200 with JSON of something else', send(200, 'application/json', '{"ok":true}')],
] as const;

const rows = (type: string) => evidenceOf(owner, `&type=${type}`);

function jobDocument(jobId: string, { claims }: SeenRequest) {
  return {
    jobId,
    companyId: company.id,
    workspaceIds: company.workspaceIds,
    status: 'running',
    requestedBy: { type: 'user', id: claims.sub, label: 'x' },
    format: 'CSV',
    filters: { version: 1 },
    bytes: null,
    sha256: null,
  };
}

/** The api creates the job, but the gateway replaces its response and that of the first lookup. */
function loseAnswer(answer: (response: ServerResponse) => void): void {
  api.on('POST /dashboard/exports', (response, request) => {
    const jobId = String(request.headers['idempotency-key']);
    let lookups = 0;
    api.on(`GET /dashboard/exports/${jobId}`, (looked, looking) => {
      lookups += 1;
      if (lookups === 1) answer(looked);
      else void json(200, jobDocument(jobId, request))(looked, looking);
    });
    answer(response);
  });
}

test('a gateway response leaves an export pending until the reconciler finds the job', async () => {
  const open = new Map<unknown, string>();
  for (const [name, answer] of GATEWAY_ANSWERS) {
    loseAnswer(answer);
    const refused = await owner.send('POST', '/api/dashboard/exports', { format: 'CSV' });
    const { jobId, detail } = await expectProblem(refused, 'API_UNAVAILABLE');
    expect(detail, name).toContain('did not respond');
    open.set(jobId, name);
    expect(await evidenceOf(owner, `&jobId=${String(jobId)}`), name).toMatchObject([
      { outcome: 'PENDING' },
    ]);
  }
  const outcomes = async () =>
    (await rows('EXPORT_REQUESTED')).map(({ jobId, outcome }) => [open.get(jobId), outcome]);
  await expect
    .poll(outcomes, { timeout: patient(30_000) })
    .toEqual(GATEWAY_ANSWERS.map(([name]) => [name, 'SUCCEEDED']));
});

test('a job whose response was replaced by a gateway is returned immediately if the api can look it up', async () => {
  api.on('POST /dashboard/exports', (response, request) => {
    const jobId = String(request.headers['idempotency-key']);
    api.on(`GET /dashboard/exports/${jobId}`, json(200, jobDocument(jobId, request)));
    send(504, 'text/html', HTML)(response);
  });
  const answer = await owner.send('POST', '/api/dashboard/exports', { format: 'CSV' });
  expect(answer.status).toBe(201);
  expect((await rows('EXPORT_REQUESTED')).at(-1)).toMatchObject({ outcome: 'SUCCEEDED' });
});

test('a gateway response settles neither a cancellation nor a saved view', async () => {
  for (const [name, answer] of GATEWAY_ANSWERS) {
    const id = randomUUID();
    const view = `/dashboard/explorer/views/${id}`;
    const routes = [
      `POST /dashboard/exports/${id}/cancel`,
      'POST /dashboard/explorer/views',
      `PATCH ${view}`,
      `DELETE ${view}`,
      `POST ${view}/run`,
      `GET ${view}`,
      `GET /dashboard/exports/${id}`,
      'GET /dashboard/explorer/views',
    ];
    for (const route of routes) api.on(route, answer);
    const calls = [
      ['POST', `/api/dashboard/exports/${id}/cancel`],
      ['POST', '/api/dashboard/explorer/views', { name: 'x', query: {} }],
      ['PATCH', `/api${view}`, { name: 'y' }],
      ['DELETE', `/api${view}`],
      ['POST', `/api${view}/run`],
    ] as const;
    for (const [method, path, body] of calls)
      await expectProblem(await owner.send(method, path, body), 'API_UNAVAILABLE');
    const latest = (await evidenceOf(owner)).slice(-calls.length);
    expect(
      latest.map(({ type, outcome }) => `${String(type)} ${String(outcome)}`),
      name,
    ).toEqual([
      'EXPORT_CANCELED PENDING',
      'SAVED_VIEW_CREATED PENDING',
      'SAVED_VIEW_UPDATED PENDING',
      'SAVED_VIEW_DELETED PENDING',
      'SAVED_VIEW_RUN PENDING',
    ]);
  }
});

test.each(GATEWAY_ANSWERS)(
  '%s from a gateway is not passed on to the browser',
  async (_name, answer) => {
    const jobId = randomUUID();
    const path = `/dashboard/exports/${jobId}`;
    api.on('GET /dashboard/events', answer);
    api.on(`GET ${path}/download`, answer);
    api.on(`HEAD ${path}/download`, answer);
    api.on(
      `GET ${path}`,
      json(200, {
        ...jobDocument(jobId, { claims: { sub: 'x' } } as SeenRequest),
        status: 'succeeded',
        bytes: 5_000,
        sha256: 'ab',
      }),
    );
    const listed = await owner.send('GET', '/api/dashboard/events');
    const text = await listed.text();
    // Without a schema for this route, JSON of a gateway looks like JSON of the api. It is at least no HTML page.
    if (listed.status !== 200) expect(text).not.toContain('<h1>');
    else expect(listed.headers.get('content-type')).toMatch(/^application\/json/);
    await expectProblem(
      await owner.send('GET', `/api/exports/${jobId}/download`),
      'API_UNAVAILABLE',
    );
    const head = await owner.send('HEAD', `/api/exports/${jobId}/download`);
    expect(head.status).toBeGreaterThanOrEqual(400);
    expect(await evidenceOf(owner, `&jobId=${jobId}`)).toEqual([]);
  },
);

test('a gateway page confirms neither a workspace nor outbox rows', async () => {
  api.on('PUT /dashboard/company', send(200, 'text/html', '<h1>Please sign in</h1>'));
  const made = await owner.json('POST', '/api/workspaces', { name: 'Later' });
  expect(made).toMatchObject({ state: 'pending' });
  const row = {
    outboxId: randomUUID(),
    companyId: company.id,
    at: '2026-01-02T03:04:05.678Z',
    action: 'EXPORT_REQUESTED',
    actor: { type: 'api_key', id: randomUUID(), label: 'nightly' },
    subject: { type: 'export', id: randomUUID() },
    details: {},
    requestId: null,
    ip: null,
    userAgent: null,
  };
  let given = 0;
  let acknowledged = 0;
  api.on('POST /dashboard/outbox/ack', (response) => {
    acknowledged += 1;
    send(200, 'text/html', '<h1>Please sign in</h1>')(response);
  });
  api.on('GET /dashboard/outbox', (response, request) => {
    given += 1;
    void json(200, { data: [row] })(response, request);
  });
  await expect.poll(() => acknowledged, { timeout: patient(10_000) }).toBeGreaterThan(1);
  // One request per round: the loop waits before it retries.
  expect(given - acknowledged).toBeLessThanOrEqual(1);
  expect(await evidenceOf(owner, `&jobId=${row.subject.id}`)).toHaveLength(1);
  api.on('GET /dashboard/outbox', json(200, { data: [] }));
  api.on('PUT /dashboard/company', problem(503, 'REGION_UNAVAILABLE'));
});
