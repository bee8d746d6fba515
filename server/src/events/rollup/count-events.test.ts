import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inCompany } from '../../regions/transaction.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import { countEvents } from './count-events.ts';
import { rollupAnswers } from './count-events.ts';
import type { ResolvedEventQuery } from '../../../../contract/event-query.ts';
import { foldRollup } from './fold-rollup.ts';
import { parseEventsBody } from '../ingest/parse-events.ts';
import { repeated } from '../../../../testing/repeats.ts';

const CATEGORIES = ['auth', 'billing', 'document'];
const ACTIONS = ['created', 'deleted'];
const START = Date.UTC(2026, 2, 1);
const HOUR = 3_600_000;
const never = new AbortController().signal;

let region: TestRegion;
let company: TestCompany;

beforeAll(async () => {
  region = await createTestRegion();
  company = await region.company(['Production', 'Staging']);
  for (let batch = 0; batch < 6; batch += 1) await ingest(batch);
});
afterAll(async () => {
  await region?.[Symbol.asyncDispose]();
});

/** 200 events over six hours, at uneven instants, some exactly on the hour. */
async function ingest(batch: number): Promise<void> {
  const events = Array.from({ length: 200 }, (_, index) => {
    const n = batch * 200 + index;
    const ms = START + (n % 13 === 0 ? (n % 6) * HOUR : (n * 7_919_123) % (6 * HOUR));
    return {
      timestamp: new Date(ms).toISOString(),
      category: CATEGORIES[n % 3],
      action: ACTIONS[n % 2],
    };
  });
  const parsed = parseEventsBody(Buffer.from(JSON.stringify({ events })));
  if (parsed.kind !== 'batch') throw new Error('not a batch');
  const items = parsed.items.flatMap((item, index) =>
    item.ok ? [{ event: item.event, workspaceId: company.workspaceIds[index % 2] ?? '' }] : [],
  );
  await region.api.intake.storeBatch(company.id, items);
}

/** The result of countEvents, and the events counted one by one in JavaScript. */
async function counts(filter: ResolvedEventQuery, workspaceIds: readonly string[]) {
  const scope = { companyId: company.id, workspaceIds };
  const { rows } = await region.owner.query<{ line: string; workspace_id: string }>(
    'SELECT line, workspace_id FROM events WHERE company_id = $1',
    [company.id],
  );
  const matching = rows.filter(({ line, workspace_id: workspaceId }) => {
    const event = JSON.parse(line) as { timestamp: string; category: string; action: string };
    return (
      workspaceIds.includes(workspaceId) &&
      (filter.from === undefined || Date.parse(event.timestamp) >= Date.parse(filter.from)) &&
      (filter.to === undefined || Date.parse(event.timestamp) < Date.parse(filter.to)) &&
      (filter.categories === undefined || filter.categories.includes(event.category)) &&
      (filter.actions === undefined || filter.actions.includes(event.action))
    );
  });
  expect(rollupAnswers(filter)).toBe(true);
  const counted = await inCompany(region.api.pool, company.id, (client) =>
    countEvents(client, filter, scope),
  );
  return { counted, expected: matching.length };
}

const minute = fc.option(
  fc.nat(7 * 60).map((n) => new Date(START + (n - 30) * 60_000).toISOString().replace('.000', '')),
  { nil: undefined },
);

async function checkCounts(): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      minute,
      minute,
      fc.subarray(CATEGORIES),
      fc.subarray(ACTIONS),
      fc.subarray([...company.workspaceIds], { minLength: 1 }),
      async (a, b, categories, actions, workspaceIds) => {
        const [from, to] = a !== undefined && b !== undefined && a > b ? [b, a] : [a, b];
        fc.pre(from === undefined || from !== to);
        const filter: ResolvedEventQuery = {
          version: 1,
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
          ...(categories.length === 0 ? {} : { categories }),
          ...(actions.length === 0 ? {} : { actions }),
        };
        const { counted, expected } = await counts(filter, workspaceIds);
        expect(counted).toBe(expected);
      },
    ),
    { numRuns: repeated(15) },
  );
}

test('the rollup counts exactly before and after folding, even if the range splits an hour', async () => {
  await checkCounts();
  await foldRollup((await region.startedWorker()).pool, never);
  const { rows } = await region.owner.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM event_rollup_deltas',
  );
  expect(rows[0]?.n).toBe(0);
  await checkCounts();
});

test('counts stay exact while events arrive and two workers fold', async () => {
  const workers = [await region.startedWorker(), await region.startedWorker()];
  await Promise.all([
    ...[6, 7, 8, 9].map((batch) => ingest(batch)),
    ...workers.flatMap(({ pool }) => [foldRollup(pool, never), foldRollup(pool, never)]),
  ]);
  const all = await counts({ version: 1 }, company.workspaceIds);
  expect(all).toEqual({ counted: 2000, expected: 2000 });
});
