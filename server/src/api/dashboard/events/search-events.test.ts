import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foldRollup } from '../../../events/rollup/fold-rollup.ts';
import { testUser, type TestUser } from '../../../../../testing/dashboard-user.ts';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../../testing/test-region.ts';

interface Page {
  readonly data: readonly { readonly id: string; readonly action: string }[];
  readonly total: number;
  readonly nextCursor: string | null;
  readonly asOf: string;
  readonly newer: number;
  readonly newerExact: boolean;
}

let region: TestRegion;
let api: TestApi;
let company: TestCompany;
let owner: TestUser;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
});
afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

const START = Date.parse('2026-05-13T22:00:00Z');
const minutes = (n: number) => new Date(START + n * 60_000).toISOString();

async function send(of: TestCompany, events: readonly object[]): Promise<void> {
  const answer = await api.request(await region.key(of), 'POST', '/v1/events', {
    body: { events },
  });
  expect(await answer.json()).toMatchObject({ created: events.length });
}

async function companyWithEvents(): Promise<TestCompany> {
  const made = await region.company(['One', 'Two']);
  await send(
    made,
    Array.from({ length: 60 }, (_, i) => ({
      workspaceId: made.workspaceIds[i % 2],
      category: ['auth', 'billing'][i % 2],
      action: `a${i}`,
      actor: { id: `u${i % 3}` },
      timestamp: minutes(i * 7),
    })),
  );
  return made;
}

/** Each value has 200 characters, so that 100 of them are too long for a query string. */
const LONG_VALUES = Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(200, 'x'));

describe('filters in a request body', () => {
  beforeAll(async () => {
    company = await companyWithEvents();
    owner = testUser(api, { companyId: company.id });
    const event = { workspaceId: company.workspaceIds[0], category: 'c', action: 'long' };
    await send(company, [{ ...event, resource: { id: LONG_VALUES[7] }, timestamp: minutes(3) }]);
  });

  test('the list, the histogram and the filter options accept 100 values of 200 characters', async () => {
    const body = { filters: { resourceIds: LONG_VALUES } };
    const page = await owner.json<Page>('POST', '/events/search', { body });
    expect(page.data.map(({ action }) => action)).toEqual(['long']);
    const drawn = await owner.json('POST', '/events/metrics/histogram', { body });
    expect(drawn).toMatchObject({ total: 1 });
    const options = await owner.json('POST', '/events/filter-options', { body });
    expect(options).toMatchObject({ actions: [{ value: 'long', count: 1 }] });
    const key = await region.key(company);
    const answer = await api.request(key, 'POST', '/v1/events/search', { body });
    expect(await answer.json()).toMatchObject({ data: [{ action: 'long' }], nextCursor: null });
  });

  test('GET and POST searches give the same answer and accept each other’s cursors', async () => {
    const got = await owner.json<Page>('GET', '/events?category=auth&page=2&pageSize=10');
    const body = { filters: { categories: ['auth'] }, page: 2, pageSize: 10 };
    expect(await owner.json<Page>('POST', '/events/search', { body })).toEqual(got);
    const { page: _page, ...rest } = body;
    const next = { body: { ...rest, cursor: got.nextCursor } };
    const third = await owner.json<Page>('POST', '/events/search', next);
    const wanted = await owner.json<Page>('GET', '/events?category=auth&page=3&pageSize=10');
    expect(third.data).toEqual(wanted.data);
    const key = await region.key(company);
    const first = (await (
      await api.request(key, 'POST', '/v1/events/search', { body: { limit: 10 } })
    ).json()) as Page;
    const second = await api.request(key, 'GET', `/v1/events?limit=10&cursor=${first.nextCursor}`);
    const { data } = (await second.json()) as Page;
    const all = await owner.json<Page>('GET', '/events?limit=20');
    expect([...first.data, ...data]).toEqual(all.data);
  });

  test('a write-only key cannot search', async () => {
    const key = await region.key(company, { permissions: ['events:write'] });
    await expectProblem(
      await api.request(key, 'POST', '/v1/events/search', { body: {} }),
      'PERMISSION_DENIED',
    );
  });

  test.each([
    [{ filter: {} }, 'filter'],
    [{ filters: { categoris: ['x'] } }, 'filters.categoris'],
    [{ page: '1' }, 'page'],
    [{ page: 1, offset: 3 }, 'offset'],
    [{ pageSize: 5 }, 'pageSize'],
    [{ asOf: 'AAAA' }, 'asOf'],
    [{ filters: { search: 'x'.repeat(70_000) } }, 'filters.search'],
  ])('the search refuses %j and names the field', async (body, path) => {
    const answer = await owner.request('POST', '/events/search', { body });
    const problem = await expectProblem(answer, 'VALIDATION_FAILED');
    expect(problem).toMatchObject({ errors: [{ path }] });
  });

  test('every route that accepts filters refuses filters of more than 64 KiB', async () => {
    const values = Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(250, 'x'));
    const filters = { resourceIds: values, actorIds: values, traceIds: values };
    const view = { name: 'large', query: filters };
    for (const [path, body, name] of [
      ['/events/search', { filters }, 'filters'],
      ['/events/metrics/histogram', { filters }, 'filters'],
      ['/events/filter-options', { filters }, 'filters'],
      ['/exports', { format: 'CSV', filters }, 'filters'],
      ['/exports/estimate', { filters }, 'filters'],
      ['/explorer/views', view, 'query'],
      ['/export-templates', { ...view, format: 'CSV' }, 'query'],
    ] as const) {
      const answer = await owner.request('POST', path, { body });
      const problem = await expectProblem(answer, 'VALIDATION_FAILED');
      expect(problem, path).toMatchObject({ errors: [{ path: name }] });
      expect(JSON.stringify(problem)).toContain('64 KiB');
    }
    const answer = await api.request(await region.key(company), 'POST', '/v1/exports', {
      body: { format: 'CSV', filters },
    });
    await expectProblem(answer, 'VALIDATION_FAILED');
  });
});

describe('paging while events arrive', () => {
  /** Stores newer events and back-dated ones between the existing events. */
  const arrivals = (of: TestCompany) =>
    Array.from({ length: 14 }, (_, i) => ({
      workspaceId: of.workspaceIds[0],
      category: 'auth',
      action: 'arrived',
      actor: { id: 'u0' },
      timestamp: minutes(i % 2 === 0 ? 500 + i : i * 20 + 3),
    }));

  test.each([
    ['no filter', {}],
    ['a filter that the rollup answers', { categories: ['auth'] }],
    ['a filter that only the events answer', { actorIds: ['u0'] }],
    ['a time range that cuts hours', { from: minutes(10), to: minutes(409) }],
    ['one workspace', { workspaceIds: [] as string[] }],
  ])(
    'a list with %s repeats and misses no event if others arrive between its pages',
    async (_name, given) => {
      const of = await companyWithEvents();
      const user = testUser(api, { companyId: of.id });
      const [workspaceId] = of.workspaceIds;
      const filters = 'workspaceIds' in given ? { workspaceIds: [workspaceId] } : given;
      const whole = await user.json<Page>('POST', '/events/search', {
        body: { filters, limit: 200 },
      });
      const before = whole.data.map(({ id }) => id);
      expect(whole).toMatchObject({ newer: 0, newerExact: true });
      const { asOf } = whole;
      const drawnBefore = await user.json('POST', '/events/metrics/histogram', {
        body: { filters, interval: 'hour' },
      });
      const optionsBefore = await user.json('POST', '/events/filter-options', {
        body: { filters },
      });
      await send(of, arrivals(of));
      // Half of the arrivals are folded and half are deltas, so the counts of both must be subtracted.
      const worker = region.worker();
      await foldRollup(worker.pool, new AbortController().signal);
      await send(of, arrivals(of));
      const now = await user.json<Page>('POST', '/events/search', {
        body: { filters, limit: 200 },
      });
      const arrived = now.data.length - before.length;
      expect(arrived).toBeGreaterThan(0);
      for (const order of ['desc', 'asc'] as const) {
        const seen: string[] = [];
        for (let page = 1; seen.length < before.length; page += 1) {
          const body = { filters: { ...filters, order }, page, pageSize: 10, asOf };
          const answer = await user.json<Page>('POST', '/events/search', { body });
          expect(answer).toMatchObject({
            total: before.length,
            newer: arrived,
            newerExact: true,
            asOf,
          });
          seen.push(...answer.data.map(({ id }) => id));
          expect(answer.nextCursor === null, `page ${page}`).toBe(seen.length >= before.length);
        }
        expect(seen).toEqual(order === 'desc' ? before : before.toReversed());
      }
      const first = await user.json<Page>('POST', '/events/search', {
        body: { filters, pageSize: 10, asOf },
      });
      const next = await user.json<Page>('POST', '/events/search', {
        body: { filters, pageSize: 10, asOf, cursor: first.nextCursor },
      });
      expect(next.data.map(({ id }) => id)).toEqual(before.slice(10, 20));
      const drawn = await user.json('POST', '/events/metrics/histogram', {
        body: { filters, interval: 'hour', asOf },
      });
      expect(drawn).toEqual(drawnBefore);
      const options = await user.json('POST', '/events/filter-options', {
        body: { filters, asOf },
      });
      expect(options).toEqual(optionsBefore);
    },
  );

  test('a GET search accepts the asOf bound, too, and counts newer events up to 1,000', async () => {
    const of = await companyWithEvents();
    const user = testUser(api, { companyId: of.id });
    const { asOf } = await user.json<Page>('GET', '/events?limit=1');
    const event = { workspaceId: of.workspaceIds[1], category: 'c', action: 'a' };
    for (let batch = 0; batch < 2; batch += 1)
      await send(
        of,
        Array.from({ length: 600 }, () => event),
      );
    const later = await user.json<Page>('GET', `/events?limit=10&asOf=${asOf}`);
    expect(later).toMatchObject({ total: 60, newer: 1_000, newerExact: false });
    const drawn = await user.json('GET', `/events/metrics/histogram?asOf=${asOf}`);
    expect(drawn).toMatchObject({ total: 60 });
    await user.json('GET', `/events/filter-options?asOf=${asOf}`);
  });

  test('an asOf bound that was modified or belongs to another company is refused with its name', async () => {
    const of = await companyWithEvents();
    const user = testUser(api, { companyId: of.id });
    const stranger = testUser(api, { companyId: (await region.company()).id });
    const { asOf } = await user.json<Page>('GET', '/events?limit=1');
    for (const text of [`${asOf}A`, asOf.slice(4), 'x y', ''])
      await expectProblem(
        await user.request('GET', `/events?asOf=${encodeURIComponent(text)}`),
        'VALIDATION_FAILED',
      );
    await expectProblem(await stranger.request('GET', `/events?asOf=${asOf}`), 'VALIDATION_FAILED');
  });

  test('newer events are found by their arrival number, not by reading the list', async () => {
    const { rows } = await region.owner.query<{ name: string }>(
      `SELECT indexrelid::regclass::text AS name FROM pg_index
       WHERE indrelid = 'events'::regclass AND indexrelid::regclass::text = 'events_workspace_seq'`,
    );
    expect(rows).toHaveLength(1);
  });
});
