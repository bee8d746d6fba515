import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../../../../../testing/test-region.ts';
import { patient } from '../../../../../testing/patience.ts';

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

interface NumberedEvent {
  readonly id: string;
  readonly seq: number;
  readonly action: string;
}

async function eventsOf(companyId: string, workspaceId: string): Promise<NumberedEvent[]> {
  const { rows } = await region.owner.query<NumberedEvent>(
    'SELECT id, seq, action FROM events WHERE company_id = $1 AND workspace_id = $2 ORDER BY seq',
    [companyId, workspaceId],
  );
  return rows;
}

/** The number of connections of the api that wait for a lock. */
async function waitingForLock(): Promise<number> {
  const { rowCount } = await region.owner.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rowCount ?? 0;
}

const upTo = (max: number) => Array.from({ length: max }, (_, index) => index + 1);

test('200 concurrent single events of one workspace are each stored once, numbered without gaps, in few transactions', async () => {
  const company = await region.company();
  const [workspaceId] = company.workspaceIds;
  const key = await region.key(company, { workspaceId });
  const send = async (n: number) => {
    const body = { category: 'load', action: `a-${n}` };
    const answer = await api.request(key, 'POST', '/v1/events', { body });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { id: string }).id;
  };
  const holder = await region.owner.connect();
  let sending: Promise<string[]>;
  try {
    // The first event's transaction waits for the workspace head; events that arrive meanwhile share the next one.
    await holder.query('BEGIN');
    await holder.query('SELECT FROM workspace_heads WHERE workspace_id = $1 FOR UPDATE', [
      workspaceId,
    ]);
    sending = Promise.all(upTo(200).map(send));
    await expect.poll(waitingForLock, { timeout: patient(10_000) }).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await waitingForLock()).toBe(1);
  } finally {
    await holder.query('COMMIT');
    holder.release();
  }
  const ids = await sending;
  expect(new Set(ids).size).toBe(200);

  const events = await eventsOf(company.id, workspaceId);
  expect(events.map(({ seq }) => seq)).toEqual(upTo(200));
  const idOf = new Map(events.map(({ action, id }) => [action, id]));
  expect(upTo(200).map((n) => idOf.get(`a-${n}`))).toEqual(ids);

  const { rows } = await region.owner.query<{ transactions: number; head: number }>(
    `SELECT count(DISTINCT xmin::text)::int AS transactions,
      (SELECT seq FROM workspace_heads WHERE company_id = $1)::int AS head
     FROM events WHERE company_id = $1`,
    [company.id],
  );
  expect(rows[0]?.head).toBe(200);
  expect(rows[0]?.transactions).toBeLessThanOrEqual(100);
});

test('concurrent single events and batches of overlapping workspaces leave no gaps in any workspace', async () => {
  const company = await region.company(['Production', 'Staging', 'Security']);
  const key = await region.key(company);
  const statuses = await Promise.all(
    upTo(90).map(async (n) => {
      const at = (index: number) => company.workspaceIds[(n + index) % 3];
      const event = (index: number) => ({ workspaceId: at(index), category: 'c', action: 'a' });
      // Batches name the workspaces in different orders; locking them in these orders would deadlock.
      const body =
        n % 3 === 0 ? { events: [event(n % 2), event(1 - (n % 2)), event(2)] } : event(0);
      const answer = await api.request(key, 'POST', '/v1/events', { body });
      return `${n % 3 === 0 ? 'batch' : 'single'} ${answer.status}`;
    }),
  );
  expect(new Set(statuses)).toEqual(new Set(['single 201', 'batch 200']));
  let total = 0;
  for (const workspaceId of company.workspaceIds) {
    const events = await eventsOf(company.id, workspaceId);
    expect(events.map(({ seq }) => seq)).toEqual(upTo(events.length));
    total += events.length;
  }
  expect(total).toBe(60 + 30 * 3);
});

test('a refused event does not affect other events that are sent concurrently', async () => {
  const company = await region.company();
  const key = await region.key(company, { workspaceId: company.workspaceIds[0] });
  const statuses = await Promise.all(
    upTo(60).map(async (n) => {
      const idempotencyKey = n % 3 === 0 ? 'same' : `k-${n}`;
      const body = { category: 'c', action: `a-${n}`, idempotencyKey };
      return (await api.request(key, 'POST', '/v1/events', { body })).status;
    }),
  );
  const count = (status: number) => statuses.filter((one) => one === status).length;
  expect([count(201), count(409)]).toEqual([41, 19]);
  expect(await eventsOf(company.id, company.workspaceIds[0])).toHaveLength(41);
});

/** While `work` runs, the database rejects events of this action, although the api accepts them. */
async function refusing(action: string, work: () => Promise<void>): Promise<void> {
  await region.owner.query(
    `ALTER TABLE events ADD CONSTRAINT refused CHECK (action <> '${action}')`,
  );
  try {
    await work();
  } finally {
    await region.owner.query('ALTER TABLE events DROP CONSTRAINT refused');
  }
}

test('an event that the database rejects does not fail other events that are sent concurrently', async () => {
  const company = await region.company(['Production', 'Staging']);
  const key = await region.key(company);
  const send = async (n: number) => {
    const workspaceId = company.workspaceIds[n % 2];
    const action = n === 7 ? 'refused' : `a-${n}`;
    const body = { workspaceId, category: 'load', action, timestamp: '2026-03-01T12:00:00Z' };
    return (await api.request(key, 'POST', '/v1/events', { body })).status;
  };
  // This event creates the partition before a constraint is added to all partitions.
  expect(await send(0)).toBe(201);
  let statuses: number[] = [];
  await refusing('refused', async () => {
    statuses = await Promise.all(upTo(40).map(send));
  });
  expect(statuses).toEqual(upTo(40).map((n) => (n === 7 ? 500 : 201)));
  for (const [index, workspaceId] of company.workspaceIds.entries()) {
    const events = await eventsOf(company.id, workspaceId);
    expect(events.map(({ seq }) => seq)).toEqual(upTo(index === 0 ? 21 : 19));
  }
});

test('a batch stores nothing if one of its pipelined statements fails, and the next batch is numbered without a gap', async () => {
  const company = await region.company();
  const [workspaceId] = company.workspaceIds;
  const key = await region.key(company, { workspaceId });
  const event = (action: string, n: number) => ({
    category: 'load',
    action,
    timestamp: '2026-03-01T12:00:00Z',
    idempotencyKey: `key-${n}`,
  });
  const first = event('a-1', 1);
  const batch = (refusedAt?: number) => ({
    body: {
      events: upTo(1000).map((n) => event(n === refusedAt ? 'refused' : `a-${n}`, n)),
    },
  });
  // This event creates the partition before a constraint is added to all partitions.
  expect((await api.request(key, 'POST', '/v1/events', { body: first })).status).toBe(201);
  const statuses: number[] = [];
  await refusing('refused', async () => {
    for (const refusedAt of [600, 2, undefined, 1000, 251]) {
      const answer = await api.request(key, 'POST', '/v1/events', batch(refusedAt));
      statuses.push(answer.status);
    }
  });
  // After the valid batch every key is known, so a rejected event is now a conflict of that event alone.
  expect(statuses).toEqual([500, 500, 200, 200, 200]);
  const events = await eventsOf(company.id, workspaceId);
  expect(events.map(({ seq }) => seq)).toEqual(upTo(1000));
  expect(events.map(({ action }) => action)).toEqual(upTo(1000).map((n) => `a-${n}`));
  const { rows } = await region.owner.query<{ head: number; counted: number; keys: number }>(
    `SELECT (SELECT sum(seq) FROM workspace_heads WHERE company_id = $1)::int AS head,
      (SELECT sum(count) FROM event_rollup_deltas WHERE company_id = $1)::int AS counted,
      (SELECT count(*) FROM event_idempotency WHERE company_id = $1)::int AS keys`,
    [company.id],
  );
  expect(rows[0]).toEqual({ head: 1000, counted: 1000, keys: 1000 });
});
