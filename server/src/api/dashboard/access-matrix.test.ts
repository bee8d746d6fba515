import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEventId } from '../../event-id.ts';
import { ERROR_CATALOGUE, type ErrorCode } from '../../errors.ts';
import {
  ANYONE,
  ASKED,
  CALLERS,
  type Caller,
  CHANGED,
  type Expected,
  LISTED,
  MADE,
  type MatrixRow,
  matrixPage,
  ONE_EVENT,
  type Outcome,
  SEEN,
  type Target,
} from '../../../../testing/access-matrix.ts';
import { testUser, type TestUser } from '../../../../testing/dashboard-user.ts';
import { startTestApi, type TestApi } from '../../../../testing/test-api.ts';
import {
  createTestRegion,
  silent,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import { dashboard } from './dashboard.ts';
import { patient } from '../../../../testing/patience.ts';

let region: TestRegion;
let api: TestApi;
let company: TestCompany;
let stranger: TestCompany;
let mine: string;
let other: string;
let events: Partial<Record<Target, string>>;
const ids = new Map<Caller, string>();

/** The company and the workspace of a target; null means all workspaces. */
function placeOf(target: Target): { companyId: string; workspaceId: string | null } {
  if (target === 'another company')
    return { companyId: stranger.id, workspaceId: stranger.workspaceIds[0] };
  if (target === 'the whole company') return { companyId: company.id, workspaceId: null };
  return { companyId: company.id, workspaceId: target === 'another workspace' ? other : mine };
}

interface Ask {
  readonly path: string;
  readonly body?: unknown;
}

interface Entry {
  readonly expected: Expected;
  /** Only these callers are allowed; all others are denied for every target. */
  readonly only?: readonly Caller[];
  /** The problem that allowed callers get. */
  readonly through?: ErrorCode;
  ask(target: Target, caller: Caller): Ask | Promise<Ask>;
}

/** A user with all permissions in the target's company; for "made by them" this user has the caller's id. */
function maker(target: Target, caller: Caller): TestUser {
  const id = target === 'their workspace, made by them' ? ids.get(caller) : undefined;
  return testUser(api, {
    companyId: placeOf(target).companyId,
    ...(id === undefined ? {} : { id }),
  });
}

const inWorkspace = (target: Target) => {
  const { workspaceId } = placeOf(target);
  return workspaceId === null ? '' : `?workspaceId=${workspaceId}`;
};
const filtersOf = (target: Target) => {
  const { workspaceId } = placeOf(target);
  return workspaceId === null ? {} : { workspaceId };
};

async function made(path: string, target: Target, caller: Caller, extra: object): Promise<string> {
  const { workspaceId } = placeOf(target);
  const body = { name: randomUUID(), query: {}, workspaceId, ...extra };
  return (await maker(target, caller).json<{ id: string }>('POST', path, { body, status: 201 })).id;
}

async function job(target: Target, caller: Caller): Promise<string> {
  const body = { format: 'CSV', filters: filtersOf(target) };
  const options = { body, status: 201 };
  return (await maker(target, caller).json<{ jobId: string }>('POST', '/exports', options)).jobId;
}

async function ended(target: Target, caller: Caller): Promise<string> {
  const jobId = await job(target, caller);
  const ending = `UPDATE export_jobs SET status = 'canceled', finished_at = now() WHERE job_id = $1`;
  await region.owner.query(ending, [jobId]);
  return jobId;
}

const listed = (path: string): Entry => ({
  expected: LISTED,
  ask: (target) => ({ path: `${path}${inWorkspace(target)}` }),
});
const asked = (path: string): Entry => ({ ...listed(path), expected: ASKED });
const searched = (path: string): Entry => ({
  expected: ASKED,
  ask: (target) => ({ path, body: { filters: filtersOf(target) } }),
});

function presetEntries(path: string, extra: object): Record<string, Entry> {
  const one = (suffix: string, expected: Expected, body?: object): Entry => ({
    expected,
    ask: async (target, caller) => ({
      path: `${path}/${await made(path, target, caller, extra)}${suffix}`,
      ...(body === undefined ? {} : { body }),
    }),
  });
  return {
    [`GET ${path}`]: listed(path),
    [`POST ${path}`]: {
      expected: MADE,
      ask: (target) => ({
        path,
        body: { name: randomUUID(), query: {}, workspaceId: placeOf(target).workspaceId, ...extra },
      }),
    },
    [`GET ${path}/:presetId`]: one('', SEEN),
    [`PATCH ${path}/:presetId`]: one('', CHANGED, { description: 'changed' }),
    [`DELETE ${path}/:presetId`]: one('', CHANGED),
    [`POST ${path}/:presetId/run`]: one('/run', SEEN),
  };
}

const OFFICERS = ['OWNER', 'ADMIN'] as const;
const newKey = { name: 'k', permissions: ['events:read'] };
const keysExpected: Expected = {
  'the whole company': ['yes', 'PERMISSION_DENIED'],
  'another company': ['NOT_FOUND', 'PERMISSION_DENIED'],
};
const system = (ask: () => Ask): Entry => ({ expected: ANYONE, only: ['SYSTEM'], ask });

/** Every route, its request for each target, and the expected outcome. */
const ENTRIES: Readonly<Record<string, Entry>> = {
  'GET /events': asked('/events'),
  'GET /events/filter-options': asked('/events/filter-options'),
  'GET /events/metrics/histogram': asked('/events/metrics/histogram'),
  'POST /events/search': searched('/events/search'),
  'POST /events/filter-options': searched('/events/filter-options'),
  'POST /events/metrics/histogram': searched('/events/metrics/histogram'),
  'GET /events/:id': {
    expected: ONE_EVENT,
    ask: (target) => ({ path: `/events/${events[target]}` }),
  },
  ...presetEntries('/explorer/views', {}),
  ...presetEntries('/export-templates', { format: 'CSV' }),
  'GET /exports': listed('/exports'),
  'POST /exports': {
    expected: ASKED,
    ask: (target) => ({ path: '/exports', body: { format: 'CSV', filters: filtersOf(target) } }),
  },
  'POST /exports/estimate': {
    expected: ASKED,
    ask: (target) => ({ path: '/exports/estimate', body: { filters: filtersOf(target) } }),
  },
  'GET /exports/usage': { expected: ANYONE, ask: () => ({ path: '/exports/usage' }) },
  'GET /exports/capabilities': { expected: ANYONE, ask: () => ({ path: '/exports/capabilities' }) },
  'GET /exports/:jobId': {
    expected: SEEN,
    ask: async (target, caller) => ({ path: `/exports/${await job(target, caller)}` }),
  },
  'POST /exports/:jobId/rerun': {
    expected: SEEN,
    ask: async (target, caller) => ({ path: `/exports/${await ended(target, caller)}/rerun` }),
  },
  'POST /exports/:jobId/cancel': {
    expected: CHANGED,
    ask: async (target, caller) => ({ path: `/exports/${await job(target, caller)}/cancel` }),
  },
  'GET /exports/:jobId/download': {
    expected: SEEN,
    // The job is waiting: callers who may download get that answer, others get NOT_FOUND.
    through: 'EXPORT_NOT_READY',
    ask: async (target, caller) => ({ path: `/exports/${await job(target, caller)}/download` }),
  },
  'DELETE /exports/:jobId/artifact': {
    expected: CHANGED,
    // The job is waiting: a caller who may delete its file gets that answer, others get NOT_FOUND or a refusal.
    through: 'EXPORT_NOT_READY',
    ask: async (target, caller) => ({ path: `/exports/${await job(target, caller)}/artifact` }),
  },
  'GET /api-keys': { expected: ANYONE, only: OFFICERS, ask: () => ({ path: '/api-keys' }) },
  'POST /api-keys': {
    expected: { ...LISTED },
    only: OFFICERS,
    ask: (target) => ({
      path: '/api-keys',
      body: { ...newKey, workspaceId: placeOf(target).workspaceId },
    }),
  },
  'DELETE /api-keys/:id': {
    expected: keysExpected,
    only: OFFICERS,
    ask: async (target, caller) => {
      const options = { body: newKey, status: 201 };
      const key = await maker(target, caller).json<{ id: string }>('POST', '/api-keys', options);
      return { path: `/api-keys/${key.id}` };
    },
  },
  'PUT /company': system(() => {
    const workspaces = company.workspaceIds.map((id, i) => ({ id, name: `Workspace ${i}` }));
    return { path: '/company', body: { name: 'Renamed', workspaces } };
  }),
  'GET /outbox': system(() => ({ path: '/outbox' })),
  'POST /outbox/ack': system(() => ({ path: '/outbox/ack', body: { outboxIds: [] } })),
};

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
  company = await region.company(['Mine', 'Other']);
  stranger = await region.company();
  [mine, other] = company.workspaceIds as unknown as [string, string];
  for (const caller of CALLERS) ids.set(caller, caller === 'SYSTEM' ? 'dashboard' : randomUUID());
  events = {};
  for (const target of ['their workspace', 'another workspace', 'another company'] as const) {
    const place = placeOf(target);
    const of = place.companyId === company.id ? company : stranger;
    const body = { workspaceId: place.workspaceId, category: 'c', action: 'a' };
    const answer = await api.request(await region.key(of), 'POST', '/v1/events', { body });
    events[target] = ((await answer.json()) as { id: string }).id;
  }
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

/** Routes such as `GET /events`, as the plugin registers them, without the HEAD routes that Fastify adds. */
async function registeredRoutes(): Promise<string[]> {
  const routes = new Set<string>();
  const app = Fastify();
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') routes.add(`${one} ${url}`);
  });
  await app.register(
    dashboard({
      regions: new Map(),
      log: silent,
      settings: { exportMaxRows: 1, exportMaxRunning: 1 },
    }),
  );
  await app.close();
  return [...routes];
}

function expectedOf({ expected, only }: Entry, target: Target, caller: Caller): Outcome {
  if (caller === 'anonymous') return 'UNAUTHENTICATED';
  if (only !== undefined && !only.includes(caller)) return 'PERMISSION_DENIED';
  if (caller === 'SYSTEM' && only === undefined) return 'PERMISSION_DENIED';
  const [elevated, member] = expected[target] ?? ['yes', 'yes'];
  return caller === 'MEMBER' ? member : elevated;
}

function send(caller: Caller, method: string, { path, body }: Ask): Promise<Response> {
  const options = body === undefined ? {} : { body };
  if (caller === 'anonymous') return api.request('', method, `/dashboard${path}`, options);
  const id = ids.get(caller) ?? '';
  const user = testUser(api, { companyId: company.id, role: caller, id, workspaceIds: [mine] });
  return user.request(method, path, options);
}

async function outcomeOf(entry: Entry, caller: Caller, answer: Response): Promise<Outcome> {
  const text = await answer.text();
  // No answer to a person contains data of another company. The dashboard itself reads the outbox of all companies.
  if (caller !== 'SYSTEM') expect(text).not.toContain(stranger.workspaceIds[0]);
  if (answer.ok) return 'yes';
  const { code } = JSON.parse(text) as { code: ErrorCode };
  return code === entry.through ? 'yes' : code;
}

test('every registered route has an entry in the access matrix, and every entry has a route', async () => {
  expect((await registeredRoutes()).sort()).toEqual(Object.keys(ENTRIES).sort());
});

// About 400 requests, which on a busy machine take longer than the default timeout of a test.
const MATRIX_TIMEOUT_MS = patient(180_000);

test('every route answers every role, for every target, as access.ts and the design specify', {
  timeout: MATRIX_TIMEOUT_MS,
}, async () => {
  const rows: MatrixRow[] = [];
  for (const [route, entry] of Object.entries(ENTRIES)) {
    const [method = ''] = route.split(' ');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys of an Expected
    for (const target of Object.keys(entry.expected) as Target[]) {
      const cells: Outcome[] = [];
      for (const caller of CALLERS) {
        const ask = await entry.ask(target, caller);
        const outcome = await outcomeOf(entry, caller, await send(caller, method, ask));
        expect
          .soft(outcome, `${route}, ${target}, ${caller}`)
          .toBe(expectedOf(entry, target, caller));
        cells.push(outcome);
      }
      rows.push({ route: route.replace(' ', ' /dashboard'), target, cells });
    }
  }
  await expect(matrixPage(rows)).toMatchFileSnapshot('../../../../docs/internals/access-matrix.md');
});

test('HEAD reveals no more than GET', async () => {
  for (const [route, entry] of Object.entries(ENTRIES)) {
    if (!route.startsWith('GET ')) continue;
    for (const target of ['another workspace', 'another company'] as const) {
      if (entry.expected[target] === undefined) continue;
      const wanted = expectedOf(entry, target, 'MEMBER');
      const { status } = await send('MEMBER', 'HEAD', await entry.ask(target, 'MEMBER'));
      expect(status, `${route}, ${target}`).toBe(
        wanted === 'yes' ? 200 : ERROR_CATALOGUE[wanted].status,
      );
    }
  }
});

test('every route with an id responds the same to an unknown id and to one of another company', async () => {
  const id = createEventId(Date.now() * 1000);
  for (const [route, { only }] of Object.entries(ENTRIES)) {
    const [method = '', path = ''] = route.split(' ');
    if (!path.includes('/:') || only?.includes('SYSTEM') === true) continue;
    const body = method === 'PATCH' ? { body: {} } : {};
    const answer = await send('OWNER', method, { path: path.replace(/:\w+/, id), ...body });
    expect(answer.status, route).toBe(404);
  }
});
