import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foldRollup } from '../../../events/rollup/fold-rollup.ts';
import { eventOf } from '../../../../../testing/parse-for-test.ts';
import { setFutureTimestamps } from '../../../tenancy/sql/set-future-timestamps.ts';
import { testUser, type TestUser } from '../../../../../testing/dashboard-user.ts';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../../testing/test-region.ts';

interface Page {
  readonly data: readonly { readonly id: string; readonly timestamp: string }[];
  readonly page: number | null;
  readonly pageSize: number;
  readonly total: number;
  readonly totalExact: boolean;
  readonly nextCursor: string | null;
}

interface Histogram {
  readonly interval: string;
  readonly buckets: { start: string; count: number; groups?: { value: string; count: number }[] }[];
  readonly total: number;
  readonly outliers: { readonly from: string; readonly to: string } | null;
}

let region: TestRegion;
let api: TestApi;
let company: TestCompany;
let owner: TestUser;
let member: TestUser;

const START = Date.parse('2026-05-13T22:00:00Z');
/** An event every seven minutes over about 43 hours, in two workspaces, of three categories and two actions. */
const EVENTS = Array.from({ length: 370 }, (_, i) => ({
  timestamp: new Date(START + i * 7 * 60_000 + (i % 5) * 1_111).toISOString(),
  category: ['auth', 'billing', 'user'][i % 3] ?? '',
  action: ['created', 'deleted'][i % 2] ?? '',
  actor: { id: `u${i % 10}` },
}));

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
  company = await region.company(['Production', 'Staging']);
  owner = testUser(api, { companyId: company.id });
  const [workspace] = company.workspaceIds;
  member = testUser(api, { companyId: company.id, role: 'MEMBER', workspaceIds: [workspace] });
  const key = await region.key(company);
  const events = EVENTS.map((event, i) => ({ ...event, workspaceId: company.workspaceIds[i % 2] }));
  await api.request(key, 'POST', '/v1/events', { body: { events: events.slice(0, 200) } });
  // The first part is folded into the rollup and the second stays in its deltas, so readers must sum both.
  const worker = region.worker();
  await foldRollup(worker.pool, new AbortController().signal);
  await api.request(key, 'POST', '/v1/events', { body: { events: events.slice(200) } });
  // Events of another company at the same time must not be counted.
  const stranger = await region.company();
  const foreign = EVENTS.map((event) => ({ ...event, workspaceId: stranger.workspaceIds[0] }));
  const foreignKey = await region.key(stranger);
  await api.request(foreignKey, 'POST', '/v1/events', { body: { events: foreign } });
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

const list = (query: string, user = owner) => user.json<Page>('GET', `/events?${query}`);
const times = ({ data }: Page) => data.map(({ timestamp }) => timestamp);

/** A time range that cuts an hour at both ends. */
const CUT = 'from=2026-05-14T03:20:00Z&to=2026-05-15T09:41:30Z';
const inCut = ({ timestamp }: { timestamp: string }) =>
  timestamp >= '2026-05-14T03:20:00.000Z' && timestamp < '2026-05-15T09:41:30.000Z';

describe('the list of events', () => {
  test.each([
    ['', () => true],
    [CUT, inCut],
    ['from=2026-05-14T03:20:00Z', (e: { timestamp: string }) => e.timestamp >= '2026-05-14T03:20'],
    [`${CUT}&category=auth`, (e) => inCut(e) && e.category === 'auth'],
    [
      `${CUT}&category=auth&category=user&action=deleted`,
      (e) => inCut(e) && e.category !== 'billing' && e.action === 'deleted',
    ],
    [
      'from=2026-05-14T03:20:00Z&to=2026-05-14T03:50:00Z',
      (e) => e.timestamp >= '2026-05-14T03:20' && e.timestamp < '2026-05-14T03:50',
    ],
    [
      'from=2026-05-14T03:20:00Z&to=2026-05-14T04:10:00Z',
      (e) => e.timestamp >= '2026-05-14T03:20' && e.timestamp < '2026-05-14T04:10',
    ],
    ['from=2027-01-01T00:00:00Z', () => false],
    // Not covered by the rollup. The last page of the first is full, that of the second is not, the third has none.
    [
      `from=${EVENTS[70]?.timestamp}&actorId=u3&actorId=u4&actorId=u5`,
      (e) => e.timestamp >= (EVENTS[70]?.timestamp ?? '') && /u[345]/.test(e.actor.id),
    ],
    ['actorId=u3', (e) => e.actor.id === 'u3'],
    [`${CUT}&search=nobody`, () => false],
    ['search=UTH', (e) => e.category === 'auth'],
  ] as [string, (event: (typeof EVENTS)[number]) => boolean][])(
    'the pages of a list contain every event once, in order, with an exact total: %s',
    async (query, matches) => {
      const expected = EVENTS.filter(matches).map(({ timestamp }) => timestamp);
      for (const order of ['asc', 'desc']) {
        const seen: string[] = [];
        const pages = Math.ceil(expected.length / 30);
        for (let page = 1; page <= Math.max(1, pages); page += 1) {
          const answer = await list(`${query}&order=${order}&page=${page}&pageSize=30`);
          expect(answer).toMatchObject({
            page,
            pageSize: 30,
            total: expected.length,
            totalExact: true,
          });
          expect(answer.nextCursor === null, `page ${page} of ${pages}`).toBe(page >= pages);
          seen.push(...times(answer));
        }
        expect(seen).toEqual(order === 'asc' ? expected : expected.toReversed());
      }
    },
  );

  test('a list with an offset starts at exactly that event', async () => {
    const all = EVENTS.map(({ timestamp }) => timestamp).toReversed();
    for (const offset of [0, 1, 8, 9, 17, 100, 199, 369]) {
      const answer = await list(`offset=${offset}&limit=7`);
      expect(times(answer), `offset ${offset}`).toEqual(all.slice(offset, offset + 7));
    }
    const beyond = await list('offset=370&limit=7');
    expect(beyond).toMatchObject({ data: [], total: 370, nextCursor: null });
    const beyondSome = await list('actorId=u3&offset=37&limit=7');
    expect(beyondSome).toMatchObject({ data: [], total: 37, totalExact: true, nextCursor: null });
  });

  test('the cursor of any page continues the list', async () => {
    const first = await list('page=3&pageSize=30');
    const next = await list(`pageSize=30&cursor=${first.nextCursor}`);
    expect(times(next)).toEqual(times(await list('page=4&pageSize=30')));
    expect(next.page).toBeNull();
    await expectProblem(
      await owner.request('GET', `/events?category=auth&cursor=${first.nextCursor}`),
      'INVALID_CURSOR',
    );
  });

  test('a list with a filter that the rollup does not cover has an exact total and correct pages', async () => {
    const expected = EVENTS.filter((event) => event.actor.id === 'u3').map((e) => e.timestamp);
    const answer = await list('actorId=u3&page=2&pageSize=10');
    expect(answer).toMatchObject({ total: expected.length, totalExact: true });
    expect(times(answer)).toEqual(expected.toReversed().slice(10, 20));
  });

  test('a list returns the stored lines byte for byte', async () => {
    const answer = await owner.request('GET', '/events?pageSize=10');
    const text = await answer.text();
    const { data } = JSON.parse(text) as Page;
    const { rows } = await region.owner.query<{ line: string }>(
      'SELECT line FROM events WHERE id = ANY($1::uuid[]) ORDER BY id DESC',
      [data.map(({ id }) => id)],
    );
    expect(text.startsWith(`{"data":[${rows.map(({ line }) => line).join(',')}],`)).toBe(true);
  });

  test('histogram and filter option requests leave audit rows with their query', async () => {
    const query = { version: 1, categories: ['auth'] };
    const total = EVENTS.filter(({ category }) => category === 'auth').length;
    for (const [path, details] of [
      ['metrics/histogram?interval=day&', { query, kind: 'histogram', interval: 'day', total }],
      ['filter-options?', { query, kind: 'filter-options' }],
    ] as const) {
      const answer = await owner.request('GET', `/events/${path}category=auth`);
      const { rows } = await region.owner.query(
        `SELECT details FROM audit_log WHERE action = 'EVENTS_QUERIED' AND request_id = $1`,
        [answer.headers.get('x-request-id')],
      );
      expect(rows).toEqual([{ details }]);
    }
  });

  test('a list request leaves an audit row with the user, the client address and the query', async () => {
    const headers = { 'x-exhibit-client-ip': '203.0.113.9', 'x-exhibit-user-agent': 'Firefox' };
    const answer = await owner.request('GET', '/events?category=auth', { headers });
    const { rows } = await region.owner.query(
      `SELECT actor_type, actor_id, actor_label, ip, user_agent, details FROM audit_log
       WHERE action = 'EVENTS_QUERIED' AND request_id = $1`,
      [answer.headers.get('x-request-id')],
    );
    expect(rows).toEqual([
      {
        actor_type: 'user',
        actor_id: owner.id,
        actor_label: owner.email,
        ip: '203.0.113.9',
        user_agent: 'Firefox',
        details: {
          query: { version: 1, categories: ['auth'] },
          kind: 'list',
          offset: 0,
          rows: 50,
        },
      },
    ]);
  });

  test.each([
    'page=0',
    'page=x',
    'page=1&offset=3',
    'pageSize=5',
    'limit=201',
    'offset=-1',
    'page=1&page=2',
    'sort=action',
    'order=up',
    'categry=auth',
    'actorId=u3&page=1000',
  ])('a list with the query %s is refused', async (query) => {
    await expectProblem(await owner.request('GET', `/events?${query}`), 'VALIDATION_FAILED');
  });
});

test('every page of a dense hour, from either end and across its edges, contains exactly its events', async () => {
  const dense = await region.company(['One', 'Two']);
  const user = testUser(api, { companyId: dense.id });
  // 40 events before the hour, 400 within it and 40 after it.
  const events = Array.from({ length: 480 }, (_, i) => ({
    workspaceId: dense.workspaceIds[i % 2],
    category: i % 3 === 0 ? 'c' : 'd',
    action: 'a',
    timestamp: new Date(
      i < 40
        ? Date.parse('2026-05-14T06:00:00Z') + i * 1_000
        : i < 440
          ? Date.parse('2026-05-14T07:00:00Z') + (i - 40) * 9_000
          : Date.parse('2026-05-14T08:00:00Z') + i * 1_000,
    ).toISOString(),
  }));
  await api.request(await region.key(dense), 'POST', '/v1/events', { body: { events } });
  for (const [query, matching] of [
    ['', events],
    ['&category=c', events.filter(({ category }) => category === 'c')],
    [`&workspaceId=${dense.workspaceIds[1]}`, events.filter((_, i) => i % 2 === 1)],
  ] as const) {
    for (const order of ['asc', 'desc']) {
      const all = matching.map(({ timestamp }) => timestamp);
      if (order === 'desc') all.reverse();
      for (let offset = 0; offset <= all.length; offset += 23) {
        const answer = await list(`order=${order}&offset=${offset}&limit=50${query}`, user);
        expect(times(answer), `${query} ${order} ${offset}`).toEqual(
          all.slice(offset, offset + 50),
        );
      }
    }
  }
});

test('totals that the rollup cannot count stop at 10,000, and a cursor continues after that', async () => {
  const large = await region.company();
  const [workspaceId] = large.workspaceIds;
  const key = await region.key(large);
  const at = Date.parse('2026-03-01T00:00:00Z');
  for (let batch = 0; batch < 11; batch += 1) {
    const events = Array.from({ length: 1000 }, (_, i) => ({
      workspaceId,
      category: 'c',
      action: 'a',
      actor: { id: 'busy' },
      timestamp: new Date(at + (batch * 1000 + i) * 10).toISOString(),
    }));
    await api.request(key, 'POST', '/v1/events', { body: { events } });
  }
  const user = testUser(api, { companyId: large.id });
  expect(await list('category=c&page=220', user)).toMatchObject({
    total: 11_000,
    totalExact: true,
  });
  const last = await list('actorId=busy&offset=9800&limit=200', user);
  expect(last).toMatchObject({ total: 10_000, totalExact: false });
  const beyond = await list(`actorId=busy&limit=200&cursor=${last.nextCursor}`, user);
  expect(times(beyond)).toEqual(times(await list('offset=10000&limit=200', user)));
  await expectProblem(
    await user.request('GET', '/events?actorId=busy&offset=9801&limit=200'),
    'VALIDATION_FAILED',
  );
});

describe('the histogram', () => {
  const draw = (query: string) =>
    owner.json<Histogram>('GET', `/events/metrics/histogram?${query}`);
  const starts = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

  test.each(Object.entries(starts))(
    'the histogram by %s is exact, also if the range cuts an hour',
    async (interval, length) => {
      const answer = await draw(`${CUT}&interval=${interval}`);
      const wanted = new Map<string, number>();
      for (const { timestamp } of EVENTS.filter(inCut)) {
        const start = new Date(Math.floor(Date.parse(timestamp) / length) * length).toISOString();
        wanted.set(start, (wanted.get(start) ?? 0) + 1);
      }
      const filled = answer.buckets.filter(({ count }) => count > 0);
      expect(new Map(filled.map(({ start, count }) => [start, count]))).toEqual(wanted);
      expect(answer.interval).toBe(interval);
      expect(answer.total).toBe((await list(CUT)).total);
    },
  );

  test('the weeks of the histogram start on Monday', async () => {
    const { buckets, total } = await draw(`${CUT}&interval=week`);
    expect(buckets).toEqual([{ start: '2026-05-11T00:00:00.000Z', count: total }]);
  });

  test.each([
    ['last=1h', 'minute'],
    [CUT, 'hour'],
    ['from=2026-01-01T00:00:00Z&to=2026-06-01T00:00:00Z', 'day'],
    ['from=2024-01-01T00:00:00Z&to=2027-01-01T00:00:00Z', 'week'],
    ['from=2020-01-01T00:00:00Z&to=2027-01-01T00:00:00Z', 'month'],
    ['from=1970-01-01T00:00:00Z&to=2100-01-01T00:00:00Z', 'year'],
    ['', 'hour'],
  ])('the histogram chooses an interval by itself: %s → %s', async (query, interval) => {
    const answer = await draw(query);
    expect(answer.interval).toBe(interval);
    expect(answer.total).toBe((await list(query)).total);
    const sum = answer.buckets.reduce((total, { count }) => total + count, 0);
    expect(sum).toBe(answer.total);
  });

  test('the groups of each histogram bucket add up to its count', async () => {
    for (const query of [`groupBy=category&${CUT}`, 'groupBy=action&actorId=u3']) {
      const { buckets } = await draw(query);
      for (const { count, groups } of buckets)
        expect(groups?.reduce((sum, group) => sum + group.count, 0)).toBe(count);
      expect(buckets.flatMap(({ groups }) => groups).length).toBeGreaterThan(1);
    }
  });

  test('the histogram refuses an interval that is far too short for the range', async () => {
    const answer = await owner.request(
      'GET',
      '/events/metrics/histogram?last=365d&interval=minute',
    );
    await expectProblem(answer, 'VALIDATION_FAILED');
  });

  test('the histogram of a company without events has no buckets', async () => {
    const empty = testUser(api, { companyId: (await region.company()).id });
    const answer = await empty.json('GET', '/events/metrics/histogram');
    expect(answer).toEqual({ interval: 'day', buckets: [], total: 0, outliers: null });
  });

  test('the histogram of all time reports events in 1970 and 2099 as outliers', async () => {
    const clocks = await region.company();
    const [workspaceId] = clocks.workspaceIds;
    await setFutureTimestamps(region.owner, clocks.id, true);
    const event = (timestamp: string) => ({ timestamp, workspaceId, category: 'a', action: 'b' });
    const recent = Array.from({ length: 20 }, (_, i) => event(`2026-05-${10 + i}T03:20:00Z`));
    const wrong = [event('1970-01-01T00:00:01Z'), event('2099-12-31T23:59:59Z')];
    await region.api.intake.storeBatch(
      clocks.id,
      [...recent, ...wrong].map((sent) => ({ event: eventOf(JSON.stringify(sent)), workspaceId })),
    );
    const user = testUser(api, { companyId: clocks.id });
    for (const query of ['', 'search=B', 'groupBy=category']) {
      const answer = await user.json<Histogram>('GET', `/events/metrics/histogram?${query}`);
      expect(answer).toMatchObject({ interval: 'year', total: 22 });
      expect(answer.buckets).toHaveLength(130);
      expect(answer.outliers).toEqual({
        before: { count: 1, first: '1970-01-01T00:00:00.000Z', last: '1970-01-01T01:00:00.000Z' },
        after: { count: 1, first: '2099-12-31T23:00:00.000Z', last: '2100-01-01T00:00:00.000Z' },
        from: '2026-05-10T03:00:00.000Z',
        to: '2026-05-29T04:00:00.000Z',
      });
      const { from, to } = answer.outliers ?? {};
      const rest = await user.json<Histogram>(
        'GET',
        `/events/metrics/histogram?from=${from}&to=${to}`,
      );
      expect(rest).toMatchObject({ interval: 'day', total: 20, outliers: null });
    }
  });
});

describe('filter options', () => {
  interface Options {
    categories: { value: string; count: number }[];
    actions: { value: string; count: number }[];
  }
  const options = (query: string) => owner.json<Options>('GET', `/events/filter-options?${query}`);
  const count = (matches: (event: (typeof EVENTS)[number]) => boolean) =>
    EVENTS.filter(matches).length;

  test('filter options are counted exactly, each list of options without its own filter', async () => {
    const { categories, actions } = await options(`${CUT}&category=auth`);
    expect(categories.map(({ value }) => value).sort()).toEqual(['auth', 'billing', 'user']);
    for (const { value, count: counted } of categories)
      expect(counted).toBe(count((event) => inCut(event) && event.category === value));
    for (const { value, count: counted } of actions)
      expect(counted).toBe(count((e) => inCut(e) && e.category === 'auth' && e.action === value));
  });

  test('filter options are counted exactly under a filter that the rollup does not cover', async () => {
    const { categories } = await options('actorId=u3');
    const total = categories.reduce((sum, option) => sum + option.count, 0);
    expect(total).toBe(count((event) => event.actor.id === 'u3'));
  });
});

describe('requests of a member', () => {
  const ROUTES = ['/events', '/events/metrics/histogram', '/events/filter-options'];

  test.each(ROUTES)('a member must name one of their workspaces for %s', async (path) => {
    const [mine, other] = company.workspaceIds;
    await expectProblem(await member.request('GET', path), 'WORKSPACE_REQUIRED');
    for (const id of [other, randomUUID(), 'x'])
      await expectProblem(
        await member.request('GET', `${path}?workspaceId=${id}`),
        'WORKSPACE_FORBIDDEN',
      );
    const both = `${path}?workspaceId=${mine}&workspaceId=${other}`;
    await expectProblem(await member.request('GET', both), 'WORKSPACE_FORBIDDEN');
    expect((await member.request('GET', `${path}?workspaceId=${mine}`)).status).toBe(200);
  });

  test('a member sees exactly the events of their workspace', async () => {
    const answer = await list(`workspaceId=${company.workspaceIds[0]}&limit=200`, member);
    expect(times(answer)).toEqual(
      EVENTS.filter((_, i) => i % 2 === 0)
        .map((e) => e.timestamp)
        .toReversed(),
    );
  });

  test('a member without a workspace can read no events', async () => {
    const nobody = testUser(api, { companyId: company.id, role: 'MEMBER' });
    const named = `/events?workspaceId=${company.workspaceIds[0]}`;
    await expectProblem(await nobody.request('GET', named), 'WORKSPACE_FORBIDDEN');
    const { data } = await list('limit=1');
    await expectProblem(await nobody.request('GET', `/events/${data[0]?.id}`), 'NOT_FOUND');
  });
});

describe('one event', () => {
  test('a single event is returned as its stored line', async () => {
    const [event] = (await list('limit=1')).data;
    const answer = await owner.request('GET', `/events/${event?.id}`);
    const { rows } = await region.owner.query<{ line: string }>(
      'SELECT line FROM events WHERE id = $1',
      [event?.id],
    );
    expect(await answer.text()).toBe(rows[0]?.line);
  });

  test('an event of a foreign workspace or company is answered like an unknown or malformed id', async () => {
    const [newest] = (await list(`workspaceId=${company.workspaceIds[1]}&limit=1`)).data;
    await expectProblem(await member.request('GET', `/events/${newest?.id}`), 'NOT_FOUND');
    const stranger = testUser(api, { companyId: (await region.company()).id });
    await expectProblem(await stranger.request('GET', `/events/${newest?.id}`), 'NOT_FOUND');
    for (const id of [randomUUID(), 'x', '%27'])
      await expectProblem(await owner.request('GET', `/events/${id}`), 'NOT_FOUND');
  });
});

test('events are stored and keys are looked up while every connection for searches is in use', async () => {
  const { reads } = region.api;
  const taken = await Promise.all(Array.from({ length: reads.options.max }, () => reads.connect()));
  try {
    const listing = owner.json<Page>('GET', '/events?pageSize=10');
    const quiet = await region.company();
    const body = { workspaceId: quiet.workspaceIds[0], category: 'c', action: 'a' };
    const key = await region.key(quiet);
    expect((await api.request(key, 'POST', '/v1/events', { body })).status).toBe(201);
    for (const client of taken.splice(0)) client.release();
    expect((await listing).data).toHaveLength(10);
  } finally {
    for (const client of taken) client.release();
  }
});
