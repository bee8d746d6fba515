import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEventId } from '../../../event-id.ts';
import { testUser } from '../../../../../testing/dashboard-user.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../../../../../testing/test-region.ts';

const MIB = 1024 * 1024;

let region: TestRegion;
let api: TestApi;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
});
afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

/** A query of about this many bytes, as an earlier version accepted it. */
function largeQuery(bytes: number): string {
  const values = Array.from({ length: Math.ceil(bytes / 252) }, () =>
    randomBytes(124).toString('hex'),
  );
  return JSON.stringify({ version: 1, resourceIds: values });
}

test.each([
  ['explorer/views', 'saved_explorer_views', 'view_id', ''],
  ['export-templates', 'export_templates', 'template_id', ', format'],
])(
  'pages of %s end at 512 KiB of queries, and nextCursor continues',
  async (path, table, id, format) => {
    const company = await region.company();
    const user = testUser(api, { companyId: company.id });
    const queries = [
      ...Array.from({ length: 40 }, () => largeQuery(60_000)),
      // Larger than can be stored today, and larger than a page.
      ...Array.from({ length: 3 }, () => largeQuery(1_500_000)),
      ...Array.from({ length: 5 }, () => '{"version":1}'),
    ];
    for (const [index, query] of queries.entries())
      await region.owner.query(
        `INSERT INTO ${table} (company_id, ${id}, name, query, created_by${format})
       VALUES ($1, $2, $3, $4, 'u'${format === '' ? '' : ", 'CSV'"})`,
        [company.id, createEventId((Date.now() + index) * 1000), `v${index}`, query],
      );
    const seen: string[] = [];
    let cursor = '';
    do {
      const answer = await user.request('GET', `/${path}?limit=200${cursor}`);
      const text = await answer.text();
      const { data, nextCursor } = JSON.parse(text) as {
        data: { name: string; query: { version: number } }[];
        nextCursor: string | null;
      };
      expect(data.length).toBeGreaterThan(0);
      expect(data.every(({ query }) => query.version === 1)).toBe(true);
      if (data.length > 10) expect(text.length).toBeLessThan(MIB);
      seen.push(...data.map(({ name }) => name));
      cursor = nextCursor === null ? '' : `&cursor=${nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(queries.map((_, index) => `v${index}`).toReversed());
  },
);
