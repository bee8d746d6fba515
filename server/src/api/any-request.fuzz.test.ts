import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ERROR_CATALOGUE } from '../errors.ts';
import { startExportWorker } from '../exports/run/export-worker.ts';
import { signTestToken } from '../../../testing/dashboard-token.ts';
import { testUser } from '../../../testing/dashboard-user.ts';
import { finishedExport } from '../../../testing/finished-export.ts';
import {
  EXAMPLE_BODIES,
  EXAMPLE_PARAMETERS,
  exampleEvent,
  exampleKey,
  exampleView,
} from '../../../testing/fuzz/example-bodies.ts';
import { expectAnswered } from '../../../testing/fuzz/expect-answered.ts';
import { fuzzSettings } from '../../../testing/fuzz/fuzz-settings.ts';
import { type FuzzedRoute, hostileRequest } from '../../../testing/fuzz/hostile-request.ts';
import { routesOf } from '../../../testing/fuzz/routes-of.ts';
import { startTestApi, type TestApi } from '../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../testing/test-region.ts';
import type { ApiDeps } from './api-deps.ts';
import { dashboard } from './dashboard/dashboard.ts';
import { health } from './health.ts';
import { v1 } from './v1/v1.ts';
import { patient } from '../../../testing/patience.ts';

const { cases, seed } = fuzzSettings(800);

let region: TestRegion;
let api: TestApi;
let company: TestCompany;
let key: string;
/** Existing values of path parameters such as `:jobId`, by the start of the path. */
let ids: Readonly<Record<string, readonly string[]>>;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
  company = await region.company(['A', 'B']);
  key = await region.key(company, { workspaceId: company.workspaceIds[0] });
  const events = Array.from({ length: 20 }, () => exampleEvent);
  const sent = await api.request(key, 'POST', '/v1/events', { body: { events } });
  const { results } = (await sent.json()) as { results: { id: string }[] };
  const worker = await startExportWorker(region.worker());
  const { jobId } = await finishedExport(api, key, { format: 'CSV' });
  await worker.stop();
  const owner = testUser(api, { companyId: company.id });
  const made = async (path: string, body: object) =>
    (await owner.json<{ id: string }>('POST', path, { body, status: 201 })).id;
  ids = {
    '/dashboard/events': [results[0]?.id ?? ''],
    '/dashboard/explorer/views': [await made('/explorer/views', exampleView)],
    '/dashboard/export-templates': [
      await made('/export-templates', { ...exampleView, format: 'CSV' }),
    ],
    '/dashboard/api-keys': [await made('/api-keys', exampleKey)],
    '/dashboard/exports': [jobId],
    '/v1/exports': [jobId],
  };
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

/** All routes except the two documentation pages, which Fastify's own plugin serves. */
function registered(): Promise<string[]> {
  const deps: ApiDeps = {
    regions: new Map([[region.api.name, region.api]]),
    log: api.app.log as ApiDeps['log'],
    settings: { exportMaxRows: 1, exportMaxRunning: 1 },
  };
  return routesOf(async (app) => {
    app.setValidatorCompiler(() => () => true);
    app.setSerializerCompiler(() => JSON.stringify);
    await app.register(health(deps));
    await app.register(v1(deps), { prefix: '/v1' });
    await app.register(dashboard(deps), { prefix: '/dashboard' });
  });
}

/** A token with the role that the route needs, new for every request because a token is valid for a minute. */
async function credentialsFor(url: string): Promise<Record<string, string>> {
  if (!url.startsWith('/dashboard/')) return { authorization: `Bearer ${key}` };
  const isSystem = /^\/dashboard\/(?:company|outbox)/.test(url);
  const person = { role: 'OWNER', sub: 'u', email: 'u@example.test' };
  const who = isSystem ? { role: 'SYSTEM', sub: 'dashboard' } : person;
  const token = await signTestToken({ ...who, companyId: company.id, workspaceIds: [] });
  return { authorization: `Bearer ${token}` };
}

test('every route of openapi.json is fuzzed', async () => {
  const { paths = {} } = (await (await fetch(`${api.url}/openapi.json`)).json()) as {
    paths?: Record<string, object>;
  };
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map(
      (method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    ),
  );
  expect(described.length).toBeGreaterThan(5);
  expect(await registered()).toEqual(expect.arrayContaining(described));
});

test('every route that accepts a body has an example body, and every example body has a route', async () => {
  const routes = (await registered()).filter((route) => !route.startsWith('GET '));
  expect(Object.keys(EXAMPLE_BODIES).sort()).toEqual(routes);
});

test(
  'every route answers any request in time, never with a 5xx, and reports errors as problem documents',
  async () => {
    const routes = await registered();
    const statuses: Record<number, number> = {};
    let sent = 0;
    for (const route of routes) {
      const [method = '', url = ''] = route.split(' ');
      const at = Object.keys(ids).find((start) => url.startsWith(start));
      const fuzzed: FuzzedRoute = {
        method,
        url,
        body: EXAMPLE_BODIES[route],
        ids: ids[at ?? ''] ?? [],
        query: EXAMPLE_PARAMETERS,
      };
      const reached = new Set<number>();
      const requests = fc.array(hostileRequest(fuzzed), { minLength: 5, maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(requests, async (some) => {
          const credentials = await credentialsFor(url);
          const answers = await Promise.all(
            some.map((request) =>
              expectAnswered(request, {
                url: api.url,
                method,
                credentials,
                catalogues: [ERROR_CATALOGUE],
              }),
            ),
          );
          for (const status of answers) {
            reached.add(status);
            statuses[status] = (statuses[status] ?? 0) + 1;
          }
          sent += answers.length;
        }),
        { seed, numRuns: Math.ceil(cases / routes.length / 5), endOnFailure: true },
      );
      // The requests passed authentication: at least one status is not 401.
      expect(
        [...reached].some((status) => status !== 401),
        route,
      ).toBe(true);
    }
    process.stdout.write(
      `api: ${JSON.stringify({ seed, routes: routes.length, sent, statuses })}\n`,
    );
  },
  patient(3_600_000),
);
