import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countWithinLimit } from '../../exports/request/estimate-rows.ts';
import { inCompany } from '../../regions/transaction.ts';
import { setFutureTimestamps } from '../../tenancy/sql/set-future-timestamps.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import { countEvents } from '../rollup/count-events.ts';
import { eventFilter } from '../query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../contract/event-query.ts';
import { foldRollup } from '../rollup/fold-rollup.ts';
import { eventOf } from '../../../../testing/parse-for-test.ts';
import { sql, withLiterals } from '../../regions/sql.ts';
import { withinExistingEvents } from './within-existing-events.ts';

let region: TestRegion;
let victim: TestCompany;
let attacker: TestCompany;

const DAYS = ['2026-03-01', '2026-05-31', '2026-06-01'];

beforeAll(async () => {
  region = await createTestRegion();
  victim = await region.company(['A', 'B']);
  attacker = await region.company();
  await store(
    victim,
    DAYS.slice(0, 2).map((day) => `${day}T23:59:59.999999Z`),
    0,
  );
  await foldRollup(region.worker().pool, new AbortController().signal);
  await store(victim, [`${DAYS[2]}T00:00:00Z`], 1);
  await setFutureTimestamps(region.owner, attacker.id, true);
  const every = Array.from({ length: 130 }, (_, i) => `${1970 + i}-05-14T12:00:00Z`);
  await store(attacker, every.slice(0, 60), 0);
});
afterAll(async () => {
  await region?.[Symbol.asyncDispose]();
});

async function store(company: TestCompany, times: readonly string[], workspace: number) {
  const workspaceId = company.workspaceIds[workspace] ?? company.workspaceIds[0];
  const items = times.map((timestamp) => ({
    event: eventOf(JSON.stringify({ timestamp, category: 'c', action: 'a', actor: { id: 'u' } })),
    workspaceId,
  }));
  const results = await region.api.intake.storeBatch(company.id, items);
  expect(results.map(({ status }) => status)).toEqual(times.map(() => 'created'));
}

const scopeOf = ({ id, workspaceIds }: TestCompany) => ({ companyId: id, workspaceIds });
const narrow = (filter: Partial<ResolvedEventQuery>, company = victim) =>
  inCompany(region.api.reads, company.id, (client) =>
    withinExistingEvents(client, { version: 1, ...filter }, scopeOf(company)),
  );

describe('a time range narrowed to the events of its scope', () => {
  test.each([
    [{}, '2026-03-01T23:00:00Z', '2026-06-01T01:00:00Z'],
    [{ from: '2026-05-14T12:00:00Z' }, '2026-05-14T12:00:00Z', '2026-06-01T01:00:00Z'],
    [{ to: '2026-05-14T12:00:00.5Z' }, '2026-03-01T23:00:00Z', '2026-05-14T12:00:00.5Z'],
    [
      { from: '1970-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' },
      '2026-03-01T23:00:00Z',
      '2026-06-01T01:00:00Z',
    ],
    // A range without events becomes one instant of the given range.
    [{ from: '2027-01-01T00:00:00Z' }, '2027-01-01T00:00:00Z', '2027-01-01T00:00:00.000001Z'],
    [{ to: '2020-01-01T00:00:00Z' }, '2019-12-31T23:59:59.999999Z', '2020-01-01T00:00:00Z'],
    [{ from: '2100-01-01T00:00:00Z' }, '2100-01-01T00:00:00Z', '2100-01-01T00:00:00Z'],
  ])(
    'the time range of the filter %j is narrowed to the existing events',
    async (filter, from, to) => {
      expect(await narrow(filter)).toEqual({ version: 1, from, to });
    },
  );

  test('a company without events keeps a valid range', async () => {
    const empty = await region.company();
    expect(await narrow({}, empty)).toEqual({
      version: 1,
      from: '1970-01-01T00:00:00Z',
      to: '1970-01-01T00:00:00.000001Z',
    });
  });

  test('a narrowed time range counts the same events as the given filter', async () => {
    for (const filter of [
      {},
      { actorIds: ['u'] },
      { from: '2026-05-31T23:59:59.999999Z' },
      { to: '2026-06-01T00:00:00Z', actorIds: ['u'] },
    ]) {
      const given: ResolvedEventQuery = { version: 1, ...filter };
      const [plain, narrowed] = await inCompany(region.api.reads, victim.id, async (client) => [
        await countEvents(client, given, scopeOf(victim)),
        await countWithinLimit(client, given, scopeOf(victim)),
      ]);
      expect(narrowed, JSON.stringify(filter)).toBe(plain);
      expect(plain).toBeGreaterThan(0);
    }
  });
});

test('partitions that another tenant created are not in the plan of a query without a time range', async () => {
  const scope = scopeOf(victim);
  const plan = await inCompany(region.api.reads, victim.id, async (client) => {
    const filter = await withinExistingEvents(client, { version: 1, actorIds: ['u'] }, scope);
    const statement = withLiterals(sql`SELECT id FROM events WHERE ${eventFilter(filter, scope)}`);
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${statement}`);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
  const named = new Set(plan.match(/\bevents_\d{4}s?(?:_\d\d)?\b/g));
  expect([...named].sort()).toEqual(['events_2026_03', 'events_2026_05', 'events_2026_06']);
});
