import type pg from 'pg';
import { EventPartitions } from '../../server/src/events/ingest/event-partitions.ts';
import { provisionCompany } from '../../server/src/tenancy/sql/provision-company.ts';

/** A workspace and its share of every hundred events. */
export interface EventStream {
  readonly companyId: string;
  readonly workspaceId: string;
  readonly share: number;
}

export interface BenchEvents {
  /** Interleaved in time and on disk. The shares must add up to 100. */
  readonly streams: readonly EventStream[];
  readonly rows: number;
  /** Number of days over which the events are spread evenly, from `start`. */
  readonly days: number;
}

export const EVENTS_START_MS = Date.UTC(2026, 0, 1);
/** An action that one event in 20,011 has. */
export const RARE_ACTION = 'ownership.transferred';
/** An actor that one event in 50,021 has. */
export const RARE_ACTOR = 'user-rare';

const DAY_MS = 86_400_000;
const SLOTS = 100;
/** Coprime to SLOTS, so that each stream is spread over the hundred. */
const STRIDE = 37;
const CHUNK_ROWS = 500_000;

/**
 * Creates deterministic events of about 650 bytes per line, directly in SQL (ten million through the api take an hour).
 * Numbering, ids and rollup are consistent with those of ingest. Does nothing if the events already exist.
 * @throws Error if the companies have other events
 */
export async function makeBenchEvents(owner: pg.Pool, events: BenchEvents): Promise<void> {
  const { streams, rows, days } = events;
  const companies = Map.groupBy(streams, ({ companyId }) => companyId);
  for (const [id, of] of companies) {
    const workspaces = of.map(({ workspaceId }) => ({ id: workspaceId, name: 'Bench' }));
    await provisionCompany(owner, { id, name: `Bench ${id}`, workspaces });
  }
  const stored = await countStored(owner, [...companies.keys()]);
  if (stored === rows) return;
  if (stored > 0) throw new Error(`there are ${stored} events of these companies, not ${rows}`);
  const [stream] = streams;
  if (stream === undefined) throw new Error('no streams');
  const instants = Array.from({ length: days + 1 }, (_, day) => EVENTS_START_MS + day * DAY_MS);
  await new EventPartitions(owner, days).ensure(
    stream.companyId,
    instants.map((ms) => ms * 1000),
  );
  const slots = slotsOf(streams);
  for (let first = 0; first < rows; first += CHUNK_ROWS)
    await owner.query(INSERT_EVENTS, [
      slots.map(({ companyId }) => companyId),
      slots.map(({ workspaceId }) => workspaceId),
      slots.map(({ rank }) => rank),
      slots.map(({ share }) => share),
      first,
      Math.min(first + CHUNK_ROWS, rows) - 1,
      EVENTS_START_MS,
      (days * DAY_MS) / rows,
    ]);
  await owner.query(ADVANCE_HEADS, [[...companies.keys()]]);
  await owner.query(INSERT_ROLLUP, [[...companies.keys()]]);
  await owner.query('VACUUM (ANALYZE) events');
  await owner.query('VACUUM (ANALYZE) event_rollup');
  await owner.query('CHECKPOINT').catch(() => undefined); // needs a superuser
}

async function countStored(owner: pg.Pool, companyIds: readonly string[]): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(
    'SELECT coalesce(sum(seq), 0)::float8 AS count FROM workspace_heads WHERE company_id = ANY($1::uuid[])',
    [companyIds],
  );
  return rows[0]?.count ?? 0;
}

/** For each event of a hundred, its stream and its number among the events of that stream in the hundred. */
function slotsOf(streams: readonly EventStream[]): (EventStream & { rank: number })[] {
  const inOrder = streams.flatMap((stream) =>
    Array.from({ length: stream.share }, () => ({ stream })),
  );
  if (inOrder.length !== SLOTS) throw new RangeError('the shares must add up to 100');
  const ranks = new Map<EventStream, number>();
  return inOrder.flatMap((_, index) => {
    const stream = inOrder[(index * STRIDE) % SLOTS]?.stream;
    if (stream === undefined) return [];
    const rank = (ranks.get(stream) ?? 0) + 1;
    ranks.set(stream, rank);
    return [{ ...stream, rank }];
  });
}

const ADVANCE_HEADS = `
  UPDATE workspace_heads h SET seq = e.seq
  FROM (SELECT company_id, workspace_id, max(seq) AS seq FROM events WHERE company_id = ANY($1::uuid[]) GROUP BY 1, 2) e
  WHERE (e.company_id, e.workspace_id) = (h.company_id, h.workspace_id)`;

const INSERT_ROLLUP = `
  INSERT INTO event_rollup
  SELECT company_id, workspace_id, date_trunc('hour', "timestamp"::timestamptz AT TIME ZONE 'UTC') AT TIME ZONE 'UTC',
    category, action, count(*) FROM events WHERE company_id = ANY($1::uuid[]) GROUP BY 1, 2, 3, 4, 5`;

const INSERT_EVENTS = `
  INSERT INTO events (company_id, workspace_id, id, seq, "timestamp", category, action, actor_id, actor_email,
    resource_type, resource_id, trace_id, ip_address, user_agent, metadata, line, leaf_hash, verbatim, formula_guard)
  SELECT company_id, workspace_id, id, seq, at, category, action, actor, actor || '@acme.test', 'document', 'doc-' || i,
    trace, ip, agent, metadata::json,
    format('{"id":"%s","timestamp":"%s","companyId":"%s","workspaceId":"%s","category":"%s","action":"%s","actor":{"id":"%s","email":"%s@acme.test"},"resource":{"type":"document","id":"doc-%s"},"metadata":%s,"traceId":"%s","ipAddress":"%s","userAgent":"%s"}',
      id, at, company_id, workspace_id, category, action, actor, actor, i, metadata, trace, ip, agent),
    '\\x00', true, i % 1000 = 0
  FROM (
    SELECT i, ($1::uuid[])[1 + i % ${SLOTS}] AS company_id, ($2::uuid[])[1 + i % ${SLOTS}] AS workspace_id,
      i / ${SLOTS} * ($4::bigint[])[1 + i % ${SLOTS}] + ($3::bigint[])[1 + i % ${SLOTS}] AS seq,
      (lpad(to_hex(ms), 12, '0') || '7000' || 'b' || substr(md5(i::text), 1, 15))::uuid AS id,
      to_char(to_timestamp(ms / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
      (ARRAY['auth', 'billing', 'document', 'user'])[1 + i / 7 % 4] AS category,
      CASE WHEN i % 20011 = 11 THEN '${RARE_ACTION}' ELSE (ARRAY['created', 'updated', 'deleted', 'viewed', 'exported'])[1 + i / 3 % 5] END AS action,
      CASE WHEN i % 50021 = 7 THEN '${RARE_ACTOR}' ELSE 'user-' || i / 11 % 500 END AS actor,
      md5('trace' || i / 7) AS trace, '192.0.2.' || i % 250 AS ip,
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36' AS agent,
      format('{"before":{"plan":"team","seats":%s},"after":{"plan":"enterprise","seats":%s},"note":"%s"}', i % 90, i % 97, repeat(md5(i::text), 3)) AS metadata
    FROM (SELECT i, $7::bigint + floor(i * $8::float8)::bigint AS ms FROM generate_series($5::bigint, $6::bigint) i) numbered
  ) e`;
