import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ResolvedEventQuery } from '../../../../contract/event-query.ts';
import { listPage } from '../../events/explore/list-page.ts';
import { beginFor, inCompany } from '../../regions/transaction.ts';
import type { Queryable } from '../../regions/sql.ts';
import { makeEvents } from '../../../../testing/make-events.ts';
import { createTestRegion, type TestRegion } from '../../../../testing/test-region.ts';
import type { ExportDeps } from '../export-deps.ts';
import { type ExportFormat, FORMATS } from '../formats/format.ts';
import { copyEvents, PIN_INDEX_WALK } from '../read/sql/copy-events.ts';

// Checks plans and not durations, which vary on a shared machine: the cost of a query must not grow with the events
// that it does not match.

const COMPANY = {
  companyId: randomUUID(),
  workspaceIds: [randomUUID(), randomUUID()],
  rows: 20_000,
};

let region: TestRegion;
let worker: ExportDeps;

beforeAll(async () => {
  region = await createTestRegion();
  await makeEvents(region.owner, COMPANY);
  worker = region.worker();
});
afterAll(async () => {
  await region?.[Symbol.asyncDispose]();
});

/** Plans of the statements on `events` that list the newest page of a filter. */
async function plansOfNewestPage(filter: Partial<ResolvedEventQuery>): Promise<string[]> {
  const { companyId, workspaceIds } = COMPANY;
  const plans: string[] = [];
  await inCompany(region.api.pool, companyId, async (client) => {
    const explaining: Queryable = {
      query: async <Row extends pg.QueryResultRow>(statement: pg.QueryConfig) => {
        if (/FROM events\b/.test(statement.text)) plans.push(await explain(client, statement));
        return client.query<Row>(statement);
      },
    };
    const { rows } = await listPage(explaining, {
      filter: { version: 1, ...filter },
      scope: { companyId, workspaceIds },
      start: { offset: 0 },
      limit: 10,
    });
    expect(rows.length).toBeGreaterThan(0);
  });
  return plans;
}

async function explain(client: Queryable, statement: pg.QueryConfig): Promise<string> {
  const text = `EXPLAIN ${statement.text}`;
  const { rows } = await client.query<{ 'QUERY PLAN': string }>({ ...statement, text });
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

describe('a rare value is found by the index of its column', () => {
  test.for([
    ['actorIds', 'user-7', /actor_id_id_workspace_id_idx/, 'counted, too'],
    ['actorEmails', 'user-7@acme.test', /actor_email_id_workspace_id_idx/, 'counted, too'],
    ['resourceIds', 'doc-7777', /resource_id_id_workspace_id_idx/, 'its only page tells the total'],
  ] as const)(
    'the plan of a filter on %s uses the index of its column',
    async ([field, value, index, total]) => {
      const plans = await plansOfNewestPage({ [field]: [value] });
      expect(plans).toHaveLength(total === 'counted, too' ? 2 : 1);
      for (const plan of plans) expect(plan).toMatch(index);
    },
  );
});

test('the plan of the newest page scans the newest events without sorting', async () => {
  const plans = await plansOfNewestPage({});
  expect(plans).not.toHaveLength(0);
  for (const plan of plans) {
    expect(plan).not.toContain('Sort');
    expect(plan).toContain('Index Scan Backward');
  }
});

describe('an export scans an index and sends its first row before it has read the last', () => {
  const filters: ResolvedEventQuery[] = [
    { version: 1 },
    { version: 1, categories: ['billing'], actions: ['exported'] },
    { version: 1, actorIds: ['user-7'] },
    { version: 1, actorIds: ['user-7', 'user-8'], actions: ['created', 'updated'] },
    { version: 1, search: 'user-7' },
  ];
  const cases = filters.flatMap((filter) =>
    (['JSONL', 'CSV'] as const).map((format) => [format, JSON.stringify(filter), filter] as const),
  );
  test.for(cases)(
    'the plan of a %s export with the filter %s scans an index without sorting',
    async ([format, , filter]) => {
      const plan = await planOfExport(format, filter);
      expect(plan).toMatch(/Index (Only )?Scan/);
      expect(plan).not.toMatch(/Sort|Seq Scan|Bitmap|Hash|Gather/);
    },
  );
});

async function planOfExport(format: ExportFormat, filter: ResolvedEventQuery): Promise<string> {
  const { companyId, workspaceIds, rows } = COMPANY;
  const copy = copyEvents({
    companyId,
    filter,
    cut: Object.fromEntries(workspaceIds.map((id) => [id, rows])),
    range: {
      lower: '00000000-0000-7000-8000-000000000000',
      upper: '03bb2cc3-d800-7000-8000-000000000000',
    },
    columns: FORMATS[format].columns({ formulaGuard: true, bom: false }),
    copyOptions: FORMATS[format].copyOptions,
    limit: rows,
  });
  const select = /^\s*COPY \((.*)\)\s*TO STDOUT/s.exec(copy)?.[1] ?? '';
  const client = await worker.pool.connect();
  try {
    await client.query(`${beginFor(companyId)}; ${PIN_INDEX_WALK}`);
    return await explain(client, { text: select });
  } finally {
    client.release(true);
  }
}
