import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendRaw } from '../../../testing/processes/raw-http.ts';
import { startDashboard } from '../start-dashboard.ts';
import { type FakeApi, json, problem, startFakeApi } from '../testing/fake-api.ts';
import {
  createDashboardDatabase,
  expectProblem,
  signIn,
  type TestCompany,
  type TestDashboardDatabase,
} from '../testing/test-dashboard.ts';

let db: TestDashboardDatabase;
let api: FakeApi;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;
let company: TestCompany;

beforeAll(async () => {
  db = await createDashboardDatabase();
  api = await startFakeApi();
  dashboard = await startDashboard(db.options(api.url));
  company = await db.company('eu');
});
afterAll(async () => {
  await dashboard.stop();
  await api[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

/** Excludes the calls of the dashboard's background loops (outbox, provisioning). */
const fromPeople = () => api.seen.filter(({ claims }) => claims['role'] !== 'SYSTEM');
const lastFromAPerson = () => fromPeople().at(-1);

test('each call has its own token with the person, region, role and current workspaces, valid for at most 60 s', async () => {
  api.on('GET /dashboard/events', json(200, { data: [] }));
  const member = await signIn(dashboard.url, company.email('MEMBER'));
  const calls = async () => {
    await member.json('GET', '/api/dashboard/events?action=a%26b&page=2');
    return lastFromAPerson();
  };
  const [first, second] = [await calls(), await calls()];
  expect(first?.path).toBe('/dashboard/events?action=a%26b&page=2');
  expect(first?.claims).toMatchObject({
    iss: 'exhibit-dashboard',
    aud: 'eu',
    email: company.email('MEMBER'),
    companyId: company.id,
    role: 'MEMBER',
    workspaceIds: [company.workspaceIds[0]],
  });
  expect(Number(first?.claims.exp) - Number(first?.claims.iat)).toBeLessThanOrEqual(60);
  expect(first?.claims.jti).not.toBe(second?.claims.jti);
  expect(first?.headers['x-exhibit-client-ip']).toBe('127.0.0.1');
  expect(first?.headers.cookie).toBeUndefined();
  const [workspace] = company.workspaceIds;
  const owner = await signIn(dashboard.url, company.email('OWNER'));
  await owner.json('PUT', `/api/workspaces/${workspace}/members`, { userIds: [] });
  expect((await calls())?.claims['workspaceIds']).toEqual([]);
});

test('api routes that are not for browsers return 404, however their path is spelled', async () => {
  const owner = await signIn(dashboard.url, company.email('OWNER'));
  const before = fromPeople().length;
  const paths = [
    'outbox',
    'outbox/ack',
    'company',
    'events/../outbox',
    'events/%2e%2e/outbox',
    'events//x',
    'events%2f..%2foutbox',
    'exports/x/download/',
    './outbox',
    'events/',
    '%6futbox',
  ];
  for (const path of paths) {
    const request = `POST /api/dashboard/${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: ${owner.cookie}\r\n\r\n`;
    const answer = await sendRaw(dashboard.url, request);
    expect(answer.status, path).toBe(404);
  }
  expect(fromPeople()).toHaveLength(before);
});

test('an api error is forwarded only if it is in the catalogue, and other errors become API_UNAVAILABLE', async () => {
  const owner = await signIn(dashboard.url, company.email('OWNER'));
  const ask = () => owner.send('GET', '/api/dashboard/events');
  api.on('GET /dashboard/events', problem(400, 'SEARCH_TOO_BROAD'));
  expect(await (await ask()).json()).toMatchObject({ code: 'SEARCH_TOO_BROAD', status: 400 });
  const leaks = [
    (response: ServerResponse) => {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>nginx at 10.0.0.7</h1>');
    },
    (response: ServerResponse) => {
      response
        .writeHead(500, { 'content-type': 'application/problem+json' })
        .end(JSON.stringify({ stack: 'at 10.0.0.7', code: 'X' }));
    },
  ];
  for (const leak of leaks) {
    api.on('GET /dashboard/events', leak);
    expect(JSON.stringify(await expectProblem(await ask(), 'API_UNAVAILABLE'))).not.toContain(
      '10.0.0.7',
    );
  }
  // If the api rejects the dashboard's token, the person does not have to sign in again.
  api.on('GET /dashboard/events', problem(401, 'UNAUTHENTICATED'));
  await expectProblem(await ask(), 'API_UNAVAILABLE');
});

test('the schema drift and ETag headers are forwarded to the page, and Set-Cookie is not', async () => {
  const owner = await signIn(dashboard.url, company.email('OWNER'));
  api.on('GET /dashboard/explorer/views', (response) => {
    response
      .writeHead(200, {
        'x-exhibit-schema-drift': 'saved_explorer_views',
        etag: '"3"',
        'set-cookie': 'a=b',
        'content-type': 'application/json',
      })
      .end('{"data":[],"nextCursor":null}');
  });
  const { headers } = await owner.send('GET', '/api/dashboard/explorer/views');
  expect(headers.get('x-exhibit-schema-drift')).toBe('saved_explorer_views');
  expect(headers.get('etag')).toBe('"3"');
  expect(headers.get('set-cookie')).toBeNull();
});

test('numbers beyond 2^53 reach the api unchanged', async () => {
  const owner = await signIn(dashboard.url, company.email('OWNER'));
  api.on('POST /dashboard/exports/estimate', json(200, { rows: 1 }));
  const body = '{"filters":{"metadata":[{"path":"n","op":"eq","value":9007199254740993}]}}';
  await owner.json('POST', '/api/dashboard/exports/estimate', body);
  expect(lastFromAPerson()?.body).toBe(body);
});

test('a search with its filters in the body reaches the api unchanged, records no evidence, and is rejected from another site', async () => {
  const owner = await signIn(dashboard.url, company.email('OWNER'));
  const evidence = () => owner.json('GET', '/api/evidence');
  const before = await evidence();
  const body = '{"filters":{"metadata":[{"path":"n","op":"eq","value":9007199254740993}]}}';
  for (const path of ['events/search', 'events/filter-options', 'events/metrics/histogram']) {
    api.on(`POST /dashboard/${path}`, json(200, { data: [] }));
    await owner.json('POST', `/api/dashboard/${path}`, body);
    expect(lastFromAPerson()).toMatchObject({ path: `/dashboard/${path}`, body });
    const answer = await fetch(`${dashboard.url}/api/dashboard/${path}`, {
      method: 'POST',
      headers: {
        cookie: owner.cookie,
        origin: 'https://elsewhere.test',
        'content-type': 'application/json',
      },
      body,
    });
    await expectProblem(answer, 'ORIGIN_FORBIDDEN');
  }
  expect(await evidence()).toEqual(before);
});

test('an unreachable api is reported as API_UNAVAILABLE with a Retry-After header', async () => {
  const alone = await startDashboard(db.options('http://127.0.0.1:9'));
  try {
    const owner = await signIn(alone.url, company.email('OWNER'));
    const answer = await owner.send('GET', '/api/dashboard/events');
    expect(answer.headers.get('retry-after')).toBe('5');
    await expectProblem(answer, 'API_UNAVAILABLE');
    expect((await fetch(`${alone.url}/ready`)).status).toBe(503);
  } finally {
    await alone.stop();
  }
});
