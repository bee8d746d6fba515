import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../../errors.ts';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../../testing/test-region.ts';

let region: TestRegion;
let api: TestApi;
let company: TestCompany;
let key: string;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
  company = await region.company(['Production', 'Staging']);
  key = await region.key(company);
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

interface EventPage {
  readonly data: readonly {
    readonly id: string;
    readonly timestamp: string;
    readonly action: string;
  }[];
  readonly nextCursor: string | null;
}

const get = (query: string, as = key) => api.request(as, 'GET', `/v1/events${query}`);

async function page(query: string, as = key): Promise<EventPage> {
  const answer = await get(query, as);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as EventPage;
}

async function store(events: readonly object[], as = key): Promise<string[]> {
  const answer = await api.request(as, 'POST', '/v1/events', { body: { events } });
  const { results } = (await answer.json()) as { results: { id: string; status: string }[] };
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['created']));
  return results.map(({ id }) => id);
}

/** Follows the cursors to the last page and calls the given function between two pages. */
async function readAll(query: string, between: () => Promise<unknown>, as = key) {
  const data: EventPage['data'][number][] = [];
  let cursor: string | null = null;
  do {
    const next: EventPage = await page(`${query}${cursor === null ? '' : `&cursor=${cursor}`}`, as);
    data.push(...next.data);
    cursor = next.nextCursor;
    await between();
  } while (cursor !== null);
  return data;
}

describe('pages of the list', () => {
  test('a page of large events ends at 8 MiB, and its cursor continues with the next event', async () => {
    const mine = await region.company();
    const myKey = await region.key(mine, { workspaceId: mine.workspaceIds[0] });
    const text = 'x'.repeat(240_000);
    const large = Array.from({ length: 40 }, (_, n) => ({
      category: 'c',
      action: `a-${n}`,
      metadata: { text },
    }));
    const ids = await store(large, myKey);
    const first = await page('?limit=200', myKey);
    // 35 events reach 8 MiB; the event that exceeds the limit is the last one of its page.
    expect(first.data).toHaveLength(35);
    expect(first.nextCursor).not.toBeNull();
    const all = await readAll('?limit=200', async () => undefined, myKey);
    expect(all.map(({ id }) => id).sort()).toEqual(ids.toSorted());
  });

  test('the pages of GET /v1/events contain every event exactly once, newest first, with ties and while newer events arrive', async () => {
    const mine = await region.company();
    const myKey = await region.key(mine, { workspaceId: mine.workspaceIds[0] });
    // 90 events with 9 timestamps, so that every page ends between events of the same timestamp.
    const second = (n: number) => String(n % 9).padStart(2, '0');
    const events = Array.from({ length: 90 }, (_, n) => ({
      category: 'c',
      action: `a-${n}`,
      timestamp: `2026-05-14T12:00:${second(n)}Z`,
    }));
    const ids = await store(events, myKey);
    let sent = 0;
    const late = () =>
      store(
        [{ category: 'c', action: 'late', timestamp: `2026-06-01T00:00:${10 + sent++}Z` }],
        myKey,
      );
    const read = await readAll('?limit=7', late, myKey);
    expect(sent).toBe(13);
    expect(read.map(({ id }) => id)).toEqual([...ids].sort().toReversed());
    const times = read.map(({ timestamp }) => timestamp);
    expect(times).toEqual([...times].sort().toReversed());
  });

  test('the pages of GET /v1/events in ascending order contain the same events reversed', async () => {
    const mine = await region.company();
    const myKey = await region.key(mine, { workspaceId: mine.workspaceIds[0] });
    await store(
      Array.from({ length: 25 }, () => ({ category: 'c', action: 'a' })),
      myKey,
    );
    const nothing = () => Promise.resolve();
    const down = await readAll('?limit=10', nothing, myKey);
    const up = await readAll('?limit=10&order=asc', nothing, myKey);
    expect(up).toHaveLength(25);
    expect(up.map(({ id }) => id)).toEqual(down.map(({ id }) => id).toReversed());
  });

  test('the last page of GET /v1/events has a null cursor, also if it is empty or full', async () => {
    const mine = await region.company();
    const myKey = await region.key(mine, { workspaceId: mine.workspaceIds[0] });
    expect(await page('', myKey)).toEqual({ data: [], nextCursor: null });
    await store(
      Array.from({ length: 4 }, () => ({ category: 'c', action: 'a' })),
      myKey,
    );
    const first = await page('?limit=2', myKey);
    const last = await page(`?limit=2&cursor=${first.nextCursor}`, myKey);
    expect([last.data.length, last.nextCursor]).toEqual([2, null]);
  });
});

test('GET /v1/events returns events digit for digit as they were sent', async () => {
  const mine = await region.company();
  const myKey = await region.key(mine, { workspaceId: mine.workspaceIds[0] });
  const metadata = '{"n":9007199254740993,"e":1.0e1,"10":1,"2":-0.0,"__proto__":{"a":1}}';
  const event = `{"category":"c","action":"a","timestamp":"2026-05-14T12:00:00.123456789+02:00","metadata":${metadata}}`;
  await api.request(myKey, 'POST', '/v1/events', { body: event });
  const text = await (await get('', myKey)).text();
  expect(text).toContain(`"metadata":${metadata}`);
  expect(text).toContain('"timestamp":"2026-05-14T12:00:00.123456789+02:00"');
});

describe('filters', () => {
  test('GET /v1/events accepts filters in the plural, the singular and the repeated form', async () => {
    const mine = await region.company(['Production', 'Staging']);
    const myKey = await region.key(mine);
    const [workspaceId, sibling] = mine.workspaceIds;
    const at = '2026-05-14T12:00:00Z';
    await store(
      [
        { workspaceId, category: 'auth', action: 'one', timestamp: at, tags: ['x'] },
        { workspaceId, category: 'auth', action: 'two', actor: { email: 'A@b.c' } },
        { workspaceId: sibling, category: 'file', action: 'three', metadata: { a: { b: 'Yes' } } },
      ],
      myKey,
    );
    const found = async (query: string) =>
      (await page(query, myKey)).data.map(({ action }) => action).sort();
    expect(await found('?category=auth')).toEqual(['one', 'two']);
    expect(await found('?categories=file&categories=none')).toEqual(['three']);
    expect(await found('?action=one&action=three')).toEqual(['one', 'three']);
    expect(await found(`?workspaceId=${sibling?.toUpperCase()}`)).toEqual(['three']);
    expect(await found('?tag=x')).toEqual(['one']);
    expect(await found('?search=a%40B')).toEqual(['two']);
    expect(await found('?search=%25')).toEqual([]);
    // The search does not match across the border of two fields, whatever the separator is.
    for (const between of ['', '%01', '%20'])
      expect(await found(`?search=one${between}auth`)).toEqual([]);
    expect(await found(`?from=${at}&to=2026-05-14T12:00:00.000001Z`)).toEqual(['one']);
    expect(await found(`?to=${at}`)).toEqual([]);
    expect(await found('?last=1h')).toEqual(['three', 'two']);
    const metadata = JSON.stringify([{ path: 'a.b', op: 'contains', value: 'yE' }]);
    expect(await found(`?metadata=${encodeURIComponent(metadata)}`)).toEqual(['three']);
  });

  const long = 'x'.repeat(257);
  const json = (value: unknown) => encodeURIComponent(JSON.stringify(value));
  const refusals: readonly (readonly [
    what: string,
    query: string,
    path: string,
    code?: ErrorCode,
  ])[] = [
    ['a misspelt name', '?categry=auth', 'categry'],
    ['from after to', '?from=2026-05-15T00:00:00Z&to=2026-05-14T00:00:00Z', 'from'],
    ['from equal to to', '?from=2026-05-14T00:00:00Z&to=2026-05-14T00:00:00Z', 'from'],
    ['a time before 1970', '?from=1969-12-31T23:59:59Z', 'from'],
    ['a time after 2099', '?to=2100-01-01T00:00:00.000001Z', 'to'],
    ['an impossible date', '?from=2026-02-30T00:00:00Z', 'from'],
    ['a time finer than microseconds', '?from=2026-05-14T00:00:00.0000001Z', 'from'],
    ['a time given twice', '?from=2026-05-14T00:00:00Z&from=2026-05-15T00:00:00Z', 'from'],
    ['a range together with from', '?last=24h&from=2026-05-14T00:00:00Z', 'last'],
    ['an unknown range', '?last=yesterday', 'last'],
    ['an empty value', '?category=', 'category[0]'],
    ['a value of 257 characters', `?action=${long}`, 'action[0]'],
    [
      'a list of 101 values',
      `?${Array.from({ length: 101 }, (_, n) => `tag=${n}`).join('&')}`,
      'tag',
    ],
    ['the search U+0000', '?search=%00', 'search'],
    ['U+0000 within a value', '?category=a%00b', 'category[0]'],
    [
      'the singular and the plural form of a list together',
      '?category=a&categories=b',
      'categories',
    ],
    ['an empty list of metadata conditions', `?metadata=${json([])}`, 'metadata', 'EMPTY_FILTER'],
    ['metadata conditions that are not JSON', '?metadata=%5B', 'metadata'],
    ['a misspelt operator', `?metadata=${json([{ path: 'a', op: 'is' }])}`, 'metadata[0].op'],
    [
      'an unpaired surrogate',
      '?metadata=%5B%7B%22path%22%3A%22%5Cud83d%22%2C%22op%22%3A%22exists%22%7D%5D',
      'metadata[0].path',
    ],
    ['an empty limit', '?limit=', 'limit'],
    ['a limit of 0', '?limit=0', 'limit'],
    ['a limit of 201', '?limit=201', 'limit'],
    ['a fractional limit', '?limit=1.5', 'limit'],
    ['a limit that is not a number', '?limit=ten', 'limit'],
    ['an infinite limit', '?limit=Infinity', 'limit'],
    ['two limits', '?limit=1&limit=2', 'limit'],
    ['two cursors', '?cursor=a&cursor=b', 'cursor'],
    ['an unknown order', '?order=up', 'order'],
    ['an unknown version', '?version=2', 'version'],
  ];
  for (const [what, query, path, code = 'VALIDATION_FAILED'] of refusals) {
    test(`GET /v1/events refuses ${what} and names the parameter`, async () => {
      const { errors } = await expectProblem(await get(query), code);
      expect(errors?.map((error) => error.path)).toEqual([path]);
    });
  }
});

test('a GET /v1/events query that takes longer than 5 seconds is canceled and refused', async () => {
  const blocker = await region.owner.connect();
  try {
    await blocker.query('BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
    const { detail } = await expectProblem(await get('?search=x'), 'SEARCH_TOO_BROAD');
    expect(detail).toContain('5 seconds');
  } finally {
    await blocker.query('ROLLBACK');
    blocker.release();
  }
  await page('?search=x');
});

describe('the scope of the caller', () => {
  test('a workspace key that names another workspace is refused with the same answer whether or not it exists', async () => {
    const bound = await region.key(company, { workspaceId: company.workspaceIds[0] });
    const other = await region.company();
    for (const foreign of [
      company.workspaceIds[1],
      other.workspaceIds[0],
      randomUUID(),
      'nonsense',
    ])
      await expectProblem(await get(`?workspaceId=${foreign}`, bound), 'WORKSPACE_FORBIDDEN');
    const both = `?workspaceIds=${company.workspaceIds[0]}&workspaceIds=${company.workspaceIds[1]}`;
    await expectProblem(await get(both, bound), 'WORKSPACE_FORBIDDEN');
  });

  test('a workspace key lists its workspace, a company key its company, and neither lists another company', async () => {
    const [one, two] = [await region.company(['P', 'S']), await region.company()];
    const keys = [
      await region.key(one),
      await region.key(one, { workspaceId: one.workspaceIds[0] }),
    ];
    const other = await region.key(two);
    await store(
      one.workspaceIds.map((workspaceId, n) => ({
        workspaceId,
        category: 'c',
        action: `one-${n}`,
      })),
      keys[0],
    );
    await store([{ workspaceId: two.workspaceIds[0], category: 'c', action: 'two' }], other);
    const seen = await Promise.all(
      [...keys, other].map(async (as) => (await page('', as)).data.map(({ action }) => action)),
    );
    expect(seen.map((actions) => actions.sort())).toEqual([['one-0', 'one-1'], ['one-0'], ['two']]);
  });

  test('GET /v1/events refuses a key without events:read', async () => {
    const writer = await region.key(company, { permissions: ['events:write'] });
    await expectProblem(await get('', writer), 'PERMISSION_DENIED');
  });
});

describe('a cursor of another list', () => {
  let cursor: string;
  let mine: TestCompany;
  let myKey: string;

  beforeAll(async () => {
    mine = await region.company();
    myKey = await region.key(mine, { workspaceId: mine.workspaceIds[0] });
    await store(
      Array.from({ length: 3 }, () => ({ category: 'c', action: 'a' })),
      myKey,
    );
    cursor = (await page('?limit=1&category=c', myKey)).nextCursor ?? '';
    expect(cursor).not.toBe('');
  });

  const refused = async (answer: Response) => {
    const { errors } = await expectProblem(answer, 'INVALID_CURSOR');
    expect(errors?.map(({ path }) => path)).toEqual(['cursor']);
  };

  test('a cursor works with another page size', async () => {
    expect((await page(`?limit=2&category=c&cursor=${cursor}`, myKey)).data).toHaveLength(2);
  });

  test('a cursor of another filter or order is refused', async () => {
    await refused(await get(`?cursor=${cursor}`, myKey));
    await refused(await get(`?category=d&cursor=${cursor}`, myKey));
    await refused(await get(`?category=c&order=asc&cursor=${cursor}`, myKey));
    await refused(await get(`?category=c&last=1h&cursor=${cursor}`, myKey));
  });

  test('a cursor of another company is refused', async () => {
    await refused(await get(`?category=c&cursor=${cursor}`));
  });

  test('a cursor of the list of exports is refused, and the reverse', async () => {
    await refused(await api.request(myKey, 'GET', `/v1/exports?cursor=${cursor}`));
    const body = { format: 'JSONL' };
    for (let n = 0; n < 2; n += 1) await api.request(myKey, 'POST', '/v1/exports', { body });
    const exports = await api.request(myKey, 'GET', '/v1/exports?limit=1');
    const { nextCursor } = (await exports.json()) as EventPage;
    expect(nextCursor).not.toBeNull();
    await refused(await get(`?cursor=${nextCursor}`, myKey));
  });

  test('a cursor that is invalid, modified or empty is refused', async () => {
    const { list } = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as { list: string };
    const forge = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const bad = [
      '',
      'x',
      '%00',
      '%F0%9F%98%80',
      cursor.slice(0, -5),
      'null',
      forge(null),
      forge([]),
    ];
    const after = [`' OR true --`, 5, null, randomUUID().toUpperCase()];
    bad.push(...after.map((value) => forge({ list, after: value })), forge({ list }));
    for (const one of bad) await refused(await get(`?category=c&cursor=${one}`, myKey));
  });
});
