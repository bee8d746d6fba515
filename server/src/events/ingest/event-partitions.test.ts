import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setCompany } from '../../../../exhibit/commands/company-settings.ts';
import { readConfig } from '../../config.ts';
import { expectProblem } from '../../../../testing/expect-problem.ts';
import { startTestApi, type TestApi } from '../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import { lowestEventId } from '../../event-id.ts';
import { EventIntake } from './event-intake.ts';
import { EventPartitions } from './event-partitions.ts';

const DAY_MS = 86_400_000;

/** SQL function that API processes of the previous version call. */
const ENSURE = 'SELECT exhibit_ensure_partition($1, $2, $3)';

interface Batch {
  readonly created: number;
  readonly rejected: number;
  readonly results: readonly { status: string; code?: string; detail?: string; path?: string }[];
}

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

interface Partition {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

async function partitions(of = region): Promise<Partition[]> {
  const { rows } = await of.owner.query<Partition>(
    `SELECT partition_name AS name, from_micros AS "from", to_micros AS "to"
     FROM exhibit_event_partitions() ORDER BY 2`,
  );
  return rows;
}

function expectNoOverlap(all: readonly Partition[]): void {
  for (const [index, { from, to, name }] of all.entries()) {
    expect(from, name).toBeLessThan(to);
    expect(from, name).toBeGreaterThanOrEqual(all[index - 1]?.to ?? 0);
  }
}

const event = (company: TestCompany, timestamp: string) => ({
  workspaceId: company.workspaceIds[0],
  category: 'c',
  action: 'a',
  timestamp,
});

/** The first day of every month from 1970 to the end of 2099, and the last moment of it. */
const EVERY_MONTH = Array.from({ length: 130 * 12 }, (_, month) => Date.UTC(1970, month, 1));

async function post(company: TestCompany, times: readonly number[], at = api): Promise<Batch> {
  const key = await region.key(company);
  const events = times.map((ms) => event(company, new Date(ms).toISOString()));
  const answer = await at.request(key, 'POST', '/v1/events', { body: { events } });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Batch;
}

describe('partitions of events', () => {
  test('one event in every month since 1970 creates years and decades, not 680 months', async () => {
    const company = await region.company();
    const past = EVERY_MONTH.filter((ms) => ms < Date.now());
    expect(past.length).toBeGreaterThan(600);
    let created = 0;
    for (let first = 0; first < past.length; first += 500)
      created += (await post(company, past.slice(first, first + 500))).created;
    expect(created).toBe(past.length);
    const all = await partitions();
    expect(all.length).toBeLessThanOrEqual(33);
    expect(all.map(({ name }) => name)).toContain('events_1970s');
    expectNoOverlap(all);
    const { rows } = await region.owner.query<{ count: number }>(
      'SELECT count(*) FROM events WHERE company_id = $1',
      [company.id],
    );
    expect(rows[0]?.count).toBe(past.length);
  });

  test('every partition has row-level security, enabled and forced', async () => {
    const { rows } = await region.owner.query(
      `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'events'::regclass AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`,
    );
    expect(rows).toEqual([]);
  });

  test('a new partition fits between months and years that an earlier version created', async () => {
    await using old = await createTestRegion();
    const company = await old.company();
    const make = (name: string, from: number, to: number) =>
      old.owner.query(ENSURE, [name, lowestEventId(from * 1000), lowestEventId(to * 1000)]);
    await make('events_1985', Date.UTC(1985, 0), Date.UTC(1986, 0));
    await make('events_2024_03', Date.UTC(2024, 2), Date.UTC(2024, 3));
    const wanted = EVERY_MONTH.filter((ms) => ms < Date.now()).map((ms) => ms * 1000);
    const intake = new EventPartitions(old.api.pool, 1_000);
    await intake.ensure(company.id, wanted);
    const all = await partitions(old);
    expectNoOverlap(all);
    const names = all.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['events_1970s', 'events_1984', 'events_1985']));
    expect(names).toEqual(expect.arrayContaining(['events_2024_02', 'events_2024_03']));
    expect(names).not.toContain('events_1980s');
    expect(names).not.toContain('events_2024');
    // An API process of the previous version requests a month or year that is inside a larger partition.
    await make('events_1975', Date.UTC(1975, 0), Date.UTC(1976, 0));
    await make('events_2023', Date.UTC(2023, 0), Date.UTC(2024, 0));
    expect(await partitions(old)).toEqual(all);
  });

  test('API processes that need the same partitions at the same moment create each partition once', async () => {
    await using fresh = await createTestRegion();
    const companies = await Promise.all([1, 2, 3, 4].map(() => fresh.company()));
    const wanted = EVERY_MONTH.filter((ms) => ms < Date.now()).map((ms) => ms * 1000);
    await Promise.all(
      companies.map((company, index) =>
        new EventPartitions(fresh.api.pool, 1_000).ensure(
          company.id,
          index % 2 === 0 ? wanted : wanted.toReversed(),
        ),
      ),
    );
    const all = await partitions(fresh);
    expectNoOverlap(all);
    for (const micros of wanted)
      expect(all.filter(({ from, to }) => from <= micros && micros < to)).toHaveLength(1);
  });

  test('a partition created for a year is still used when its months enter the window', async () => {
    await using later = await createTestRegion();
    const company = await later.company();
    const year = new Date().getUTCFullYear();
    const id = (of: number) => lowestEventId(Date.UTC(of, 0) * 1000);
    await later.owner.query(ENSURE, [`events_${year}`, id(year), id(year + 1)]);
    const days = [Date.UTC(year, 0, 1), Date.UTC(year, 11, 31), Date.now()];
    const refusal = await new EventPartitions(later.api.pool).ensure(
      company.id,
      days.map((ms) => ms * 1000),
    );
    expect(refusal(Date.now() * 1000)).toBeUndefined();
    expect((await partitions(later)).map(({ name }) => name)).toEqual([`events_${year}`]);
  });
});

const configOf = (url: string) => readConfig({ REGION_DATABASE_URLS: `us=${url}` });

describe('timestamps in the future', () => {
  test('an event more than 24 hours ahead is rejected with code, path and advice; one 23 hours ahead is stored', async () => {
    const company = await region.company();
    const key = await region.key(company, { workspaceId: company.workspaceIds[0] });
    const send = (ms: number) =>
      api.request(key, 'POST', '/v1/events', {
        body: event(company, new Date(ms).toISOString()),
      });
    const problem = await expectProblem(await send(Date.UTC(2099, 11, 31)), 'TIMESTAMP_IN_FUTURE');
    expect(problem).toMatchObject({ status: 400, errors: [{ path: 'timestamp' }] });
    expect(problem.detail).toMatch(/more than 24 hours ahead.*ask your operator/s);
    await expectProblem(await send(Date.now() + DAY_MS + 60_000), 'TIMESTAMP_IN_FUTURE');
    expect((await send(Date.now() + DAY_MS - 3_600_000)).status).toBe(201);
  });

  test('an event too far ahead does not fail the others in its batch', async () => {
    const company = await region.company();
    const { created, rejected, results } = await post(company, [
      Date.now(),
      Date.UTC(2099, 0),
      Date.UTC(1970, 0),
    ]);
    expect({ created, rejected }).toEqual({ created: 2, rejected: 1 });
    expect(results[1]).toMatchObject({ code: 'TIMESTAMP_IN_FUTURE', path: 'timestamp' });
    expect(results[1]).not.toHaveProperty('retryAfterSeconds');
  });

  test('the operator can allow future timestamps for one company and revoke it without affecting others', async () => {
    const [company, other] = [await region.company(), await region.company()];
    const set = (choice: 'allow' | 'refuse') =>
      setCompany(configOf(region.url), {
        company: company.id,
        futureTimestamps: choice,
        json: true,
      });
    await set('allow');
    const before = (await partitions()).length;
    expect((await post(company, [Date.UTC(2099, 0), Date.UTC(2094, 5)])).created).toBe(2);
    expect((await partitions()).length).toBe(before + 1);
    expect((await post(other, [Date.UTC(2099, 0)])).results[0]?.code).toBe('TIMESTAMP_IN_FUTURE');
    await set('refuse');
    expect((await post(company, [Date.UTC(2099, 0)])).results[0]?.code).toBe('TIMESTAMP_IN_FUTURE');
    const { rows } = await region.owner.query(
      `SELECT action, actor_type, details FROM audit_log WHERE company_id = $1 ORDER BY audit_id`,
      [company.id],
    );
    expect(rows).toMatchObject([
      { actor_type: 'system', details: { futureTimestamps: 'allow' } },
      { actor_type: 'system', details: { futureTimestamps: 'refuse' } },
    ]);
    await expect(
      setCompany(configOf(region.url), {
        company: '00000000-0000-4000-8000-000000000000',
        futureTimestamps: 'allow',
      }),
    ).rejects.toThrow('not found');
  });

  test('a replay of a stored event succeeds even if its timestamp would now be rejected', async () => {
    const company = await region.company();
    const key = await region.key(company);
    const body = { ...event(company, '2098-05-14T12:00:00Z'), idempotencyKey: 'far ahead' };
    await region.owner.query(
      'UPDATE companies SET future_timestamps = true WHERE company_id = $1',
      [company.id],
    );
    const stored = await api.request(key, 'POST', '/v1/events', { body });
    expect(stored.status).toBe(201);
    await region.owner.query(
      'UPDATE companies SET future_timestamps = false WHERE company_id = $1',
      [company.id],
    );
    const replayed = await api.request(key, 'POST', '/v1/events', { body });
    expect(replayed.status).toBe(200);
    expect(await replayed.json()).toEqual(await stored.json());
  });
});

test('a company can create only its daily number of partitions; existing ranges and other companies still work', async () => {
  await using fresh = await createTestRegion();
  const intake = new EventIntake(fresh.api.pool, 3);
  await using limited = await startTestApi([{ ...fresh.api, intake }]);
  const company = await fresh.company();
  const key = await fresh.key(company);
  const years = [2011, 2012, 2013, 2014, 2015].map((year) => Date.UTC(year, 5));
  const body = { events: years.map((ms) => event(company, new Date(ms).toISOString())) };
  const answer = await limited.request(key, 'POST', '/v1/events', { body });
  const { results } = (await answer.json()) as Batch;
  expect(results.map(({ status }) => status)).toEqual([
    'created',
    'created',
    'created',
    'rejected',
    'rejected',
  ]);
  expect(results[3]).toMatchObject({ code: 'TIME_RANGE_LIMIT', path: 'timestamp' });
  const single = await limited.request(key, 'POST', '/v1/events', {
    body: event(company, '2016-05-14T12:00:00Z'),
  });
  const problem = await expectProblem(single, 'TIME_RANGE_LIMIT');
  expect(problem.status).toBe(429);
  expect(Number(single.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(problem.detail).toContain('Send this event again after');
  // Events in an existing time range, and of another company, are still accepted.
  const known = { body: event(company, '2013-01-01T00:00:00Z') };
  expect((await limited.request(key, 'POST', '/v1/events', known)).status).toBe(201);
  const other = await fresh.company();
  const otherKey = await fresh.key(other);
  const now = { body: event(other, '2016-05-14T12:00:00Z') };
  expect((await limited.request(otherKey, 'POST', '/v1/events', now)).status).toBe(201);
  // The same event is accepted on the next day.
  await fresh.owner.query('UPDATE event_partition_creations SET created_on = created_on - 1');
  const again = { body: event(company, '2017-05-14T12:00:00Z') };
  expect((await limited.request(key, 'POST', '/v1/events', again)).status).toBe(201);
});
