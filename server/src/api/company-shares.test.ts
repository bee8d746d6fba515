import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beginFor } from '../regions/transaction.ts';
import { testUser } from '../../../testing/dashboard-user.ts';
import { expectProblem } from '../../../testing/expect-problem.ts';
import { startTestApi, type TestApi } from '../../../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../../../testing/test-region.ts';

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

/** Locks the tables of events, so that every read of events waits until the returned function is called. */
async function slowReads(companyId: string): Promise<() => Promise<void>> {
  const client = await region.owner.connect();
  await client.query(beginFor(companyId));
  await client.query('LOCK TABLE workspace_heads, workspaces, events IN ACCESS EXCLUSIVE MODE');
  return async () => {
    await client.query('ROLLBACK');
    client.release();
  };
}

describe('slow searches of one company', () => {
  test.each([
    ['GET', '/events'],
    ['GET', '/events/metrics/histogram'],
    ['GET', '/events/filter-options'],
    ['POST', '/exports/estimate'],
  ])(
    'slow searches of one company by %s %s take three connections; the others get 429 and Retry-After',
    async (method, path) => {
      const [slow, other] = [await region.company(), await region.company()];
      const attacker = testUser(api, { companyId: slow.id });
      const victim = testUser(api, { companyId: other.id });
      const body = method === 'POST' ? { body: { format: 'CSV' } } : {};
      const release = await slowReads(slow.id);
      const sent = Array.from({ length: 32 }, () => attacker.request(method, path, body));
      try {
        const refused = await Promise.race(sent);
        expect(refused.status).toBe(429);
        expect(refused.headers.get('retry-after')).toBe('1');
        await expectProblem(refused, 'RATE_LIMITED');
        // Five of eight connections stay idle, however many searches the company sends.
        expect(region.api.reads.totalCount - region.api.reads.idleCount).toBeLessThanOrEqual(3);
      } finally {
        await release();
      }
      const statuses = (await Promise.all(sent)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3);
      expect(new Set(statuses)).toEqual(new Set([200, 429]));
      expect((await victim.request(method, path, body)).status).toBe(200);
    },
  );
});
