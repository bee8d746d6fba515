import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  HAS_SAMPLE_DATA,
  SAMPLE_DATA_TITLE,
  sampleLines,
} from '../../../../testing/sample-data.ts';
import { startTestApi, type TestApi } from '../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import { parseTimestamp } from '../ingest/timestamp.ts';
import { patient } from '../../../../testing/patience.ts';

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

async function post(key: string, lines: readonly string[]): Promise<void> {
  const body = `{"events":[${lines.join(',')}]}`;
  const answer = await api.request(key, 'POST', '/v1/events', { body });
  expect(await answer.json()).toMatchObject({ created: lines.length, rejected: 0 });
}

/** Timestamps of the stored events, and their numbers by workspace, in ID order. */
async function inIdOrder(company: TestCompany) {
  const { rows } = await region.owner.query<{ timestamp: string; action: string; seq: number }>(
    `SELECT "timestamp", action, seq::int FROM events WHERE company_id = $1 ORDER BY id`,
    [company.id],
  );
  return rows;
}

function instantOf(timestamp: string): number[] {
  const instant = parseTimestamp(timestamp);
  return instant === undefined ? [] : [instant.micros, instant.nanos];
}

test('events of equal timestamps are listed in the order in which they were sent, within and across batches and workspaces', async () => {
  const company = await region.company(['Production', 'Staging']);
  const key = await region.key(company);
  const times = ['2024-03-01T12:00:00Z', '2024-03-01T12:00:00.000000001Z', '2026-03-01T12:00:00Z'];
  const sent: { timestamp: string; action: string }[] = [];
  for (let batch = 0; batch < 8; batch += 1) {
    const events = Array.from({ length: 200 }, (_, index) => ({
      workspaceId: company.workspaceIds[(index * 7 + batch) % 2],
      timestamp: times[(index + batch) % times.length] ?? '',
      category: 'tied',
      action: `${batch}-${index}`,
    }));
    sent.push(...events.map(({ timestamp, action }) => ({ timestamp, action })));
    await post(
      key,
      events.map((event) => JSON.stringify(event)),
    );
  }
  const expected = times.flatMap((time) => sent.filter(({ timestamp }) => timestamp === time));
  const stored = await inIdOrder(company);
  expect(stored.map(({ timestamp, action }) => ({ timestamp, action }))).toEqual(expected);
});

test('single events of one timestamp are listed in the order in which they were sent', async () => {
  const company = await region.company();
  const key = await region.key(company, { workspaceId: company.workspaceIds[0] });
  const actions = Array.from({ length: 40 }, (_, index) => `single-${index}`);
  for (const action of actions) {
    const body = { timestamp: '2026-03-01T12:00:00Z', category: 'tied', action };
    expect((await api.request(key, 'POST', '/v1/events', { body })).status).toBe(201);
  }
  expect((await inIdOrder(company)).map(({ action }) => action)).toEqual(actions);
});

test.skipIf(!HAS_SAMPLE_DATA)(
  `real audit events are listed by timestamp to the nanosecond, ties as they were sent${SAMPLE_DATA_TITLE}`,
  async () => {
    const company = await region.company();
    const key = await region.key(company, { workspaceId: company.workspaceIds[0] });
    // Idempotency keys are removed: the samples repeat some of them with different content.
    const sent = sampleLines().map((line) =>
      JSON.stringify({ ...Object(JSON.parse(line)), idempotencyKey: undefined }),
    );
    for (let at = 0; at < sent.length; at += 1000) await post(key, sent.slice(at, at + 1000));
    const stored = await inIdOrder(company);
    expect(stored).toHaveLength(sent.length);
    const wrong = stored.slice(1).filter((row, index) => {
      const before = stored[index];
      if (before === undefined) return true;
      const [micros = 0, nanos = 0] = instantOf(row.timestamp);
      const [microsBefore = 0, nanosBefore = 0] = instantOf(before.timestamp);
      const step = micros - microsBefore || nanos - nanosBefore || row.seq - before.seq;
      return step <= 0;
    });
    expect(wrong).toEqual([]);
  },
  patient(120_000),
);

test('a batch with an ID that is already taken is stored once, with new IDs', async () => {
  const company = await region.company();
  const key = await region.key(company, { workspaceId: company.workspaceIds[0] });
  const event = { timestamp: '2026-03-01T12:00:00Z', category: 'c', action: 'a' };
  await post(key, [JSON.stringify(event)]);
  await region.owner.query(`
    CREATE SEQUENCE refused_ids;
    GRANT USAGE ON SEQUENCE refused_ids TO PUBLIC;
    CREATE FUNCTION refuse_first_id() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('refused_ids') <= 2 THEN
        RAISE EXCEPTION USING ERRCODE = 'unique_violation', CONSTRAINT = 'events_2026_03_pkey';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER refuse_first_id BEFORE INSERT ON events_2026_03
      FOR EACH ROW EXECUTE FUNCTION refuse_first_id()`);
  try {
    await post(key, [JSON.stringify({ ...event, idempotencyKey: 'k' }), JSON.stringify(event)]);
  } finally {
    await region.owner.query('DROP TRIGGER refuse_first_id ON events_2026_03');
  }
  expect((await inIdOrder(company)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
});
