import { afterAll, beforeAll, expect, test } from 'vitest';
import { testUser, type TestUser } from '../../../../../testing/dashboard-user.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../../../../../testing/test-region.ts';

interface Page {
  readonly data: readonly { readonly id: string; readonly traceId: string }[];
  readonly truncated: boolean;
  readonly total: number;
  readonly nextCursor: string | null;
}

const EVENTS = 60;
const LARGE = 'x'.repeat(200_000);
const PAGE_BYTES = 8 * 1024 * 1024;

let region: TestRegion;
let api: TestApi;
let owner: TestUser;
let ids: readonly string[];

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
  const company = await region.company();
  owner = testUser(api, { companyId: company.id });
  const [workspaceId] = company.workspaceIds;
  const key = await region.key(company, { workspaceId });
  // Every tenth event is small.
  const events = Array.from({ length: EVENTS }, (_, number) => ({
    timestamp: new Date(Date.UTC(2026, 4, 1, 0, number)).toISOString(),
    category: 'large',
    action: 'stored',
    traceId: `trace-${number}`,
    metadata: { text: number % 10 === 0 ? 'small' : LARGE },
  }));
  const stored = await api.request(key, 'POST', '/v1/events', { body: { events } });
  const { results } = (await stored.json()) as { results: { id: string }[] };
  ids = results.map(({ id }) => id);
});
afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

async function request(way: 'GET' | 'POST', filters: Readonly<Record<string, string>>) {
  const { order, offset, cursor, search } = filters;
  const own = {
    ...(offset === undefined ? {} : { offset: Number(offset) }),
    ...(cursor === undefined ? {} : { cursor }),
  };
  const answer =
    way === 'GET'
      ? await owner.request(
          'GET',
          `/events?${new URLSearchParams({ ...filters, limit: '200' }).toString()}`,
        )
      : await owner.request('POST', '/events/search', {
          body: {
            ...own,
            limit: 200,
            filters: { version: 1, order, ...(search === undefined ? {} : { search }) },
          },
        });
  const text = await answer.text();
  expect(answer.status, text.slice(0, 300)).toBe(200);
  return { bytes: Buffer.byteLength(text), page: JSON.parse(text) as Page };
}

test.each([
  ['GET', { order: 'desc' }, 0],
  ['GET', { order: 'asc' }, 0],
  ['GET', { order: 'asc', offset: '7' }, 7],
  // The rollup cannot count this filter.
  ['GET', { order: 'desc', search: 'stored' }, 0],
  ['GET', { order: 'asc', search: 'stored', offset: '3' }, 3],
  ['POST', { order: 'desc' }, 0],
  ['POST', { order: 'desc', search: 'stored', offset: '5' }, 5],
] as const)(
  'the list of large events by %s with %j ends pages at 8 MiB, and its cursors reach every event exactly once',
  async (way, filters, skipped) => {
    const seen: string[] = [];
    let { bytes, page } = await request(way, filters);
    expect(page).toMatchObject({ truncated: true, total: EVENTS });
    for (;;) {
      expect(bytes).toBeLessThan(PAGE_BYTES + 300_000);
      seen.push(...page.data.map(({ id }) => id));
      if (page.nextCursor === null) break;
      const { offset: _first, ...same } = { offset: '', ...filters };
      ({ bytes, page } = await request(way, { ...same, cursor: page.nextCursor }));
    }
    const expected = filters.order === 'asc' ? ids : ids.toReversed();
    expect(seen).toEqual(expected.slice(skipped));
  },
);

test('a page of small events is not truncated', async () => {
  const page = await owner.json<Page>('GET', '/events?traceId=trace-0&pageSize=200');
  expect(page).toMatchObject({ truncated: false, nextCursor: null, total: 1 });
});
