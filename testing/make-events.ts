import type pg from 'pg';
import { EventPartitions } from '../server/src/events/ingest/event-partitions.ts';
import { provisionCompany } from '../server/src/tenancy/sql/provision-company.ts';

export interface GeneratedCompany {
  readonly companyId: string;
  readonly workspaceIds: readonly string[];
  /** Number of events in all workspaces, interleaved. */
  readonly rows: number;
}

/** Time of the first event. The others follow every `STEP_MS`. */
const START = Date.UTC(2026, 0, 1);
const STEP_MS = 20;

/**
 * Fills an empty company with deterministic events of about 650 bytes per line, directly in SQL (a million through the
 * api takes minutes). Numbering, ids and rollup are consistent with those of ingest.
 */
export async function makeEvents(owner: pg.Pool, company: GeneratedCompany): Promise<void> {
  const { companyId, workspaceIds, rows } = company;
  const days = Math.ceil((rows * STEP_MS) / 86_400_000) + 1;
  const instants = Array.from({ length: days }, (_, day) => (START + day * 86_400_000) * 1000);
  await new EventPartitions(owner).ensure(companyId, instants);
  const workspaces = workspaceIds.map((id) => ({ id, name: 'Generated' }));
  await provisionCompany(owner, { id: companyId, name: `Generated ${companyId}`, workspaces });
  await owner.query(INSERT_EVENTS, [companyId, workspaceIds, rows, START, STEP_MS]);
  await owner.query(
    `UPDATE workspace_heads h SET seq = (SELECT max(seq) FROM events e WHERE e.company_id = h.company_id AND e.workspace_id = h.workspace_id)
     WHERE company_id = $1`,
    [companyId],
  );
  await owner.query(
    `INSERT INTO event_rollup SELECT company_id, workspace_id,
       date_trunc('hour', "timestamp"::timestamptz AT TIME ZONE 'UTC') AT TIME ZONE 'UTC',
       category, action, count(*) FROM events WHERE company_id = $1 GROUP BY 1, 2, 3, 4, 5`,
    [companyId],
  );
  await owner.query('VACUUM (ANALYZE) events');
}

const INSERT_EVENTS = `
  INSERT INTO events (company_id, workspace_id, id, seq, "timestamp", category, action, actor_id, actor_email,
    resource_type, resource_id, trace_id, ip_address, user_agent, metadata, line, leaf_hash, verbatim, formula_guard)
  SELECT $1, workspace_id, id, seq, at, category, action, actor, actor || '@acme.test', 'document', 'doc-' || i,
    trace, ip, agent, metadata::json,
    format('{"id":"%s","timestamp":"%s","companyId":"%s","workspaceId":"%s","category":"%s","action":"%s","actor":{"id":"%s","email":"%s@acme.test"},"resource":{"type":"document","id":"doc-%s"},"metadata":%s,"traceId":"%s","ipAddress":"%s","userAgent":"%s"}',
      id, at, $1::uuid, workspace_id, category, action, actor, actor, i, metadata, trace, ip, agent),
    '\\x00', true, i % 1000 = 0
  FROM (
    SELECT i, ($2::uuid[])[1 + (i - 1) % cardinality($2::uuid[])] AS workspace_id,
      (i - 1) / cardinality($2::uuid[]) + 1 AS seq,
      (lpad(to_hex(ms), 12, '0') || '7000' || 'b' || substr(md5(i::text), 1, 15))::uuid AS id,
      to_char(to_timestamp(ms / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
      (ARRAY['auth', 'billing', 'document', 'user'])[1 + i % 4] AS category,
      (ARRAY['created', 'updated', 'deleted', 'viewed', 'exported'])[1 + i % 5] AS action,
      'user-' || i % 500 AS actor, md5('trace' || i / 7) AS trace, '192.0.2.' || i % 250 AS ip,
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36' AS agent,
      format('{"before":{"plan":"team","seats":%s},"after":{"plan":"enterprise","seats":%s},"note":"%s"}', i % 90, i % 97, repeat(md5(i::text), 3)) AS metadata
    FROM (SELECT i, $4::bigint + i * $5::bigint AS ms FROM generate_series(1, $3::bigint) i) numbered
  ) e`;
