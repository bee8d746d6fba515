import * as fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Problem } from '../../errors.ts';
import { type Cut, eventFilter } from '../../events/query/event-filter.ts';
import { parseEventQuery } from '../../events/query/parse-event-query.ts';
import { resolveRange } from '../../events/query/resolve-range.ts';
import type { ResolvedEventQuery } from '../../../../contract/event-query.ts';
import { connectionConfig } from '../../regions/connect.ts';
import { query, sql } from '../../regions/sql.ts';
import { inCompany } from '../../regions/transaction.ts';
import { createTestExport } from '../../../../testing/export-job.ts';
import {
  instant,
  type KnownEvent,
  matches,
  type SentEvent,
} from '../../../../testing/fuzz/filter-oracle.ts';
import { fuzzSettings } from '../../../../testing/fuzz/fuzz-settings.ts';
import { hostileEvents, textPool } from '../../../../testing/fuzz/hostile-events.ts';
import { hostileFilters } from '../../../../testing/fuzz/hostile-filters.ts';
import { startTestApi } from '../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import type { ExportJob } from '../export-job.ts';
import { readEvents } from './read-events.ts';
import { ReadSemaphore } from './read-semaphore.ts';
import { planSlices } from './slices.ts';
import { patient } from '../../../../testing/patience.ts';

const { cases, seed } = fuzzSettings(600);
const AT_ONCE = 20;
const EVENTS = 240;

/**
 * Sessions that change the meaning of a quote or a backslash in a literal. A database or a role can set the last one;
 * pg itself sends client_encoding UTF8.
 */
const SESSIONS = [
  '',
  '-c standard_conforming_strings=off -c escape_string_warning=off',
  '-c backslash_quote=off -c standard_conforming_strings=off',
  '-c client_encoding=LATIN1 -c backslash_quote=safe_encoding',
];

let region: TestRegion;
let company: TestCompany;
let job: ExportJob;
let events: readonly KnownEvent[];
let pools: readonly pg.Pool[];

const [pool = []] = fc.sample(textPool, { seed, numRuns: 1 });

beforeAll(async () => {
  region = await createTestRegion();
  company = await region.company(['A', 'B', 'C']);
  const other = await region.company(['A', 'B', 'C']);
  const sent = fc.sample(hostileEvents(pool), { seed, numRuns: EVENTS });
  events = await store(company, sent);
  await store(other, sent);
  job = await createTestExport(region, company);
  pools = SESSIONS.map((settings) => {
    const config = connectionConfig(region.url, { role: 'worker', max: 2 });
    return new pg.Pool({ ...config, options: `${config.options} ${settings}` });
  });
});

afterAll(async () => {
  await Promise.all((pools ?? []).map((pool) => pool.end()));
  await region?.[Symbol.asyncDispose]();
});

/** Sends the events through the API, to each workspace in turn. */
async function store(
  { id, workspaceIds }: TestCompany,
  sent: readonly (SentEvent & { timestamp: string })[],
): Promise<KnownEvent[]> {
  await using api = await startTestApi([region.api]);
  const keys = [await region.key({ id, workspaceIds }), await region.key({ id, workspaceIds })];
  const placed = sent.map((event, index) => ({
    ...event,
    workspaceId: workspaceIds[index % workspaceIds.length] ?? '',
  }));
  const half = Math.ceil(placed.length / 2);
  const eventIds: string[] = [];
  for (const [at, key] of keys.entries()) {
    const body = { events: placed.slice(at * half, (at + 1) * half) };
    const answer = await api.request(key, 'POST', '/v1/events', { body });
    const { results } = (await answer.json()) as { results: { id: string }[] };
    eventIds.push(...results.map((result) => result.id));
  }
  const receipts = await spreadReceipts(id);
  return placed.map(({ workspaceId, ...event }, index) => {
    const eventId = eventIds[index] ?? expect.unreachable();
    const receipt = receipts.get(eventId);
    return {
      id: eventId,
      seq: Math.floor(index / workspaceIds.length) + 1,
      workspaceId,
      micros: instant(event.timestamp),
      sent: event,
      ...(receipt && { receipt }),
    };
  });
}

const FIRST_RECEIPT = Date.UTC(2026, 0, 1);
const receiptTime = (second: number) => new Date(FIRST_RECEIPT + second * 1000).toISOString();

/**
 * Changes receipts as if the events of a workspace had arrived one second apart, and every fifth before receipts were
 * recorded.
 */
async function spreadReceipts(companyId: string) {
  await region.owner.query(
    `UPDATE events SET
       received_at = CASE WHEN seq % 5 > 0 THEN $2::timestamptz + seq * interval '1 second' END,
       api_key_id = CASE WHEN seq % 5 > 0 THEN api_key_id END
     WHERE company_id = $1`,
    [companyId, receiptTime(0)],
  );
  const { rows } = await region.owner.query<{ id: string; at: Date; apiKeyId: string }>(
    `SELECT id, received_at AS at, api_key_id AS "apiKeyId" FROM events
     WHERE company_id = $1 AND received_at IS NOT NULL`,
    [companyId],
  );
  return new Map(
    rows.map(({ id, at, apiKeyId }) => [id, { micros: BigInt(at.getTime()) * 1000n, apiKeyId }]),
  );
}

interface Case {
  readonly session: number;
  readonly filters: Record<string, unknown>;
  /** Number of workspaces in the job, and number of events of each. */
  readonly workspaces: number;
  readonly heads: number;
}

const found = { accepted: 0, refused: 0, rows: 0, empty: 0 };

async function judge({ session, filters, workspaces, heads }: Case): Promise<void> {
  let filter: ResolvedEventQuery;
  try {
    filter = resolveRange(parseEventQuery(filters), new Date());
  } catch (error) {
    // A rejected filter never reaches SQL.
    expect(error).toBeInstanceOf(Problem);
    found.refused += 1;
    return;
  }
  // Workspaces are not part of the filter's condition: they are resolved to the scope and so to the cut.
  const workspaceIds = filter.workspaceIds ?? company.workspaceIds.slice(0, workspaces);
  const cut = Object.fromEntries(workspaceIds.map((id) => [id, heads]));
  const wanted = (event: KnownEvent) =>
    workspaceIds.includes(event.workspaceId) && matches(filter, event);
  const expected = ids(events.filter((event) => event.seq <= heads && wanted(event)));
  const said = `session ${session}, ${JSON.stringify(filter)}`;
  expect(await copied(pools[session] ?? expect.unreachable(), filter, cut), said).toEqual(expected);
  // The same filter with parameters, as lists and counts use it.
  if (session === 0)
    expect(await selected(filter, workspaceIds), said).toEqual(ids(events.filter(wanted)));
  found.accepted += 1;
  found.rows += expected.length;
  found.empty += Number(expected.length === 0);
}

const ids = (events: readonly KnownEvent[]) => events.map(({ id }) => id).sort();

async function copied(pool: pg.Pool, filters: ResolvedEventQuery, cut: Cut): Promise<string[]> {
  const chunks: Buffer[] = [];
  const reading = readEvents({
    pool,
    places: new ReadSemaphore(),
    job: { ...job, filters, workspaceIds: Object.keys(cut) },
    cut,
    slices: planSlices(filters, [], { rows: 10_000, matching: 10_000 }),
    counts: { rows: 0, truncated: false },
    signal: new AbortController().signal,
  });
  for await (const chunk of reading) chunks.push(Buffer.from(chunk));
  const lines = Buffer.concat(chunks).toString('utf8').split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => (JSON.parse(line) as { id: string }).id);
}

function selected(filter: ResolvedEventQuery, workspaceIds: readonly string[]): Promise<string[]> {
  const condition = eventFilter(filter, { companyId: company.id, workspaceIds });
  return inCompany(region.api.pool, company.id, async (client) => {
    const rows = await query(
      client,
      sql<{ id: string }>`SELECT id FROM events WHERE ${condition} ORDER BY id`,
    );
    return rows.map(({ id }) => id);
  });
}

test(
  'an SQL literal in COPY never changes the meaning of a filter, for any text',
  async () => {
    const one = (session: number) =>
      fc.record({
        session: fc.constant(session),
        filters: hostileFilters(pool, company.workspaceIds, {
          apiKeyIds: [...new Set(events.flatMap(({ receipt }) => receipt?.apiKeyId ?? []))],
          times: [0, 1, 7, 20, 10_000].map(receiptTime),
        }),
        workspaces: fc.constantFrom(1, 2, 3),
        heads: fc.constantFrom(0, 7, EVENTS),
      });
    const batch = fc.tuple(
      ...Array.from({ length: AT_ONCE }, (_, index) => one(index % SESSIONS.length)),
    );
    await fc.assert(
      fc.asyncProperty(batch, async (some) => {
        await Promise.all(some.map(judge));
      }),
      // The message shows the one filter that failed, which is more useful than shrinking twenty at a time.
      { seed, numRuns: Math.ceil(cases / AT_ONCE), endOnFailure: true },
    );
    process.stdout.write(`literals: ${JSON.stringify({ seed, ...found })}\n`);
    // Most filters must be accepted, and both outcomes must occur.
    expect(found.accepted).toBeGreaterThan(cases * 0.7);
    expect(found.empty).toBeLessThan(found.accepted * 0.8);
    expect(found.rows).toBeGreaterThan(found.accepted);
  },
  patient(3_600_000),
);
