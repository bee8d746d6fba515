import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dashboard as apiDashboard } from '../../server/src/api/dashboard/dashboard.ts';
import { ERROR_CATALOGUE as API_ERRORS } from '../../server/src/errors.ts';
import { EXAMPLE_BODIES, EXAMPLE_PARAMETERS } from '../../testing/fuzz/example-bodies.ts';
import { expectAnswered } from '../../testing/fuzz/expect-answered.ts';
import { fuzzSettings } from '../../testing/fuzz/fuzz-settings.ts';
import { type FuzzedRoute, hostileRequest } from '../../testing/fuzz/hostile-request.ts';
import { routesOf } from '../../testing/fuzz/routes-of.ts';
import { startTestApi, type TestApi } from '../../testing/test-api.ts';
import { createTestRegion, silent, type TestRegion } from '../../testing/test-region.ts';
import { openTokenKeys } from '../../server/src/tenancy/token-keys.ts';
import { provisionCompany } from '../../server/src/tenancy/sql/provision-company.ts';
import type { BffDeps } from './bff-deps.ts';
import { API_ROUTES } from './build-app.ts';
import { ERROR_CATALOGUE } from './errors.ts';
import { health } from './health.ts';
import { startDashboard } from './start-dashboard.ts';
import {
  createDashboardDatabase,
  PASSWORD,
  signIn,
  type TestCompany,
  type TestDashboardDatabase,
} from './testing/test-dashboard.ts';
import { patient } from '../../testing/patience.ts';

const { cases, seed } = fuzzSettings(280);

let region: TestRegion;
let api: TestApi;
let db: TestDashboardDatabase;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;
let company: TestCompany;
let ids: Readonly<Record<string, readonly string[]>>;
let secret: string;

beforeAll(async () => {
  region = await createTestRegion();
  db = await createDashboardDatabase();
  const { keys } = JSON.parse(db.tokenKeys) as { keys: { d?: string }[] };
  const publicKeys = JSON.stringify({ keys: keys.map(({ d: _private, ...key }) => key) });
  api = await startTestApi([region.api], {}, openTokenKeys(publicKeys));
  dashboard = await startDashboard(db.options(api.url));
  company = await db.company();
  const workspaces = company.workspaceIds.map((id) => ({ id, name: id }));
  await provisionCompany(region.owner, { id: company.id, name: company.name, workspaces });
  const owner = await signIn(dashboard.url, company.email('OWNER'));
  const { data } = await owner.json('GET', '/api/members');
  const member = (data as { userId: string; email: string }[]).find(
    ({ email }) => email === company.email('MEMBER'),
  );
  const invited = await owner.json('POST', '/api/invitations', {
    email: 'invited@example.test',
    role: 'ADMIN',
  });
  secret = new URL(String(invited['url'])).hash.slice(1);
  const view = await owner.json('POST', '/api/dashboard/explorer/views', { name: 'v', query: {} });
  const job = await owner.json('POST', '/api/dashboard/exports', { format: 'CSV' });
  ids = {
    '/api/members': [member?.userId ?? ''],
    '/api/workspaces': [...company.workspaceIds],
    '/api/invitations': [String(invited['id'])],
    '/api/dashboard/explorer/views': [String(view['id'])],
    '/api/dashboard/exports': [String(job['jobId'])],
  };
});

afterAll(async () => {
  await dashboard?.stop();
  await api?.[Symbol.asyncDispose]();
  await db?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

/** A valid body for each of the dashboard's own routes that accept one. Add new routes here. */
const OWN_BODIES: Readonly<Record<string, () => unknown>> = {
  'POST /api/auth/sign-in/email': () => ({ email: company.email('OWNER'), password: PASSWORD }),
  'POST /api/auth/sign-up/email': () => ({
    email: 'new@example.test',
    password: PASSWORD,
    name: 'n',
    companyName: 'c',
    region: 'us',
    workspaceName: 'w',
  }),
  'POST /api/auth/sign-out': () => ({}),
  'POST /api/auth/change-password': () => ({
    currentPassword: PASSWORD,
    newPassword: `${PASSWORD}!`,
    revokeOtherSessions: false,
  }),
  'DELETE /api/auth/sessions': () => ({}),
  'DELETE /api/auth/sessions/:sessionId': () => ({}),
  'PATCH /api/members/:userId': () => ({ role: 'MEMBER', workspaceIds: company.workspaceIds }),
  'DELETE /api/members/:userId': () => ({}),
  'POST /api/dashboard/api-keys': () => ({ name: 'k', permissions: ['events:read'] }),
  'POST /api/workspaces': () => ({ name: 'w' }),
  'PATCH /api/workspaces/:workspaceId': () => ({ name: 'w' }),
  'PUT /api/workspaces/:workspaceId/members': () => ({ userIds: [] }),
  'POST /api/invitations': () => ({
    email: 'x@example.test',
    role: 'MEMBER',
    workspaceIds: company.workspaceIds,
  }),
  'DELETE /api/invitations/:invitationId': () => ({}),
  'POST /api/invitations/look': () => ({ secret }),
  'POST /api/invitations/accept': () => ({ secret, name: 'n', password: PASSWORD }),
};
const OWN_PARAMETERS = ['user', 'type', 'jobId', 'from', 'to', 'limit', 'cursor', 'format'];

/** The dashboard's own routes. The routes that it proxies are in the api's route table. */
async function ownRoutes(): Promise<string[]> {
  const deps = { settings: { regions: ['us'] } } as unknown as BffDeps;
  const routes = await routesOf(async (app) => {
    health(app, deps);
    await app.register(
      async (scope) => {
        for (const route of API_ROUTES) route(scope, deps);
      },
      { prefix: '/api' },
    );
  });
  return routes.filter((route) => !route.endsWith('/api/dashboard/*'));
}

async function passedRoutes(): Promise<string[]> {
  const settings = { exportMaxRows: 1, exportMaxRunning: 1 };
  const deps = { regions: new Map(), log: silent, settings };
  return routesOf(async (app) => {
    await app.register(apiDashboard(deps), { prefix: '/api/dashboard' });
  });
}

test('OWN_BODIES lists exactly the dashboard routes that accept a body', async () => {
  const routes = (await ownRoutes()).filter((route) => !route.startsWith('GET '));
  expect(Object.keys(OWN_BODIES).sort()).toEqual(routes);
});

test(
  'every route answers hostile requests in time, without a 5xx, and rejects them with a problem document',
  async () => {
    const own = await ownRoutes();
    const routes = [...new Set([...own, ...(await passedRoutes())])];
    const statuses: Record<number, number> = {};
    let sent = 0;
    let browser = await signIn(dashboard.url, company.email('OWNER'));
    for (const route of routes) {
      const [method = '', url = ''] = route.split(' ');
      // These routes end sessions and change passwords, so each attempt uses a new account.
      const isAccount = url.startsWith('/api/auth/') && method !== 'GET';
      const at = Object.keys(ids).find((start) => url.startsWith(start));
      const fuzzed: FuzzedRoute = {
        method,
        url,
        body: OWN_BODIES[route]?.() ?? EXAMPLE_BODIES[route.replace('/api/', '/')],
        ids: ids[at ?? ''] ?? [],
        query: url.startsWith('/api/evidence') ? OWN_PARAMETERS : EXAMPLE_PARAMETERS,
      };
      const requests = fc.array(hostileRequest(fuzzed), { minLength: 5, maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(requests, async (some) => {
          if (isAccount) {
            await db.pool.query('DELETE FROM password_attempts');
            const email = (await db.company()).email('OWNER');
            browser = await signIn(dashboard.url, email);
          }
          const credentials = { cookie: browser.cookie };
          const catalogues = [ERROR_CATALOGUE, API_ERRORS];
          const target = { url: dashboard.url, method, credentials, catalogues };
          const answers = await Promise.all(some.map((request) => expectAnswered(request, target)));
          for (const status of answers) statuses[status] = (statuses[status] ?? 0) + 1;
          sent += answers.length;
        }),
        {
          seed,
          numRuns: Math.ceil(cases / routes.length / (isAccount ? 10 : 5)),
          endOnFailure: true,
        },
      );
      if (isAccount) browser = await signIn(dashboard.url, company.email('OWNER'));
    }
    process.stdout.write(
      `dashboard: ${JSON.stringify({ seed, own: own.length, routes: routes.length, sent, statuses })}\n`,
    );
    // Enough requests got past authentication and validation.
    expect(statuses[200]).toBeGreaterThan(sent / 20);
    expect(statuses[401] ?? 0).toBeLessThan(sent / 2);
  },
  patient(3_600_000),
);
