import type { Queryable } from '../database.ts';
import type { AuditAction } from './append-evidence.ts';
import type { Intent, RecordedCall } from './intent.ts';

interface OpenIntentRow {
  readonly id: string;
  readonly companyId: string;
  readonly action: AuditAction;
  readonly at: Date;
  readonly jobId: string | null;
  readonly subjectId: string | null;
  readonly format: string | null;
  readonly filters: unknown;
  readonly sha256: string | null;
  readonly rangeStart: number | null;
  readonly rangeEnd: number | null;
  readonly actorType: 'user' | 'api_key' | 'system';
  readonly actorId: string;
  readonly actorLabel: string;
  readonly requestId: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly call: RecordedCall | null;
  readonly region: string | null;
}

export interface OpenIntent extends Intent {
  readonly at: Date;
  /** undefined: look it up only, do not repeat it. */
  readonly call: RecordedCall | undefined;
  /** The company's region; undefined if the company no longer exists. */
  readonly region: string | undefined;
}

/** Maximum intents per region and round, so that an unavailable region does not delay the others. */
const MAX_OPEN_CALLS = 50;
/** Maximum intents per round that need no call of the api. */
const MAX_OPEN_DOWNLOADS = 200;

/**
 * Finds intents that no process is working on: those of processes not seen for `deadAfterMs`, and calls older than
 * `callAfterMs`, which is longer than any call may take. A download may take any time while its process is alive.
 * Companies take turns, oldest intent first, so one company's many open intents do not delay those of others.
 */
export async function findOrphanedIntents(
  db: Queryable,
  { deadAfterMs, callAfterMs }: { deadAfterMs: number; callAfterMs: number },
): Promise<OpenIntent[]> {
  const { rows } = await db.query<OpenIntentRow>(
    `SELECT * FROM (
     SELECT f.*, row_number() OVER (PARTITION BY f.region, f.download ORDER BY f.turn, f.at) AS place FROM (
     SELECT e.evidence_id AS id, e.company_id AS "companyId", e.action, o.at, e.job_id AS "jobId",
            e.subject_id AS "subjectId", e.format, e.filters, e.sha256, e.range_start AS "rangeStart",
            e.range_end AS "rangeEnd", e.actor_type AS "actorType", e.actor_id AS "actorId",
            e.actor_label AS "actorLabel", e.request_id AS "requestId", e.ip, e.user_agent AS "userAgent",
            o.call, c.region, e.action::text = 'EXPORT_DOWNLOAD_STARTED' AS download,
            row_number() OVER (PARTITION BY o.company_id, e.action::text = 'EXPORT_DOWNLOAD_STARTED' ORDER BY o.at) AS turn
       FROM open_intents o
       JOIN evidence e ON e.company_id = o.company_id AND e.evidence_id = o.evidence_id
       LEFT JOIN companies c ON c.company_id = o.company_id
      WHERE (o.at < clock_timestamp() - make_interval(secs => $1::float8 / 1000)
             AND NOT EXISTS (SELECT FROM dashboard_processes p
                              WHERE p.process_id = o.process_id
                                AND p.seen_at > clock_timestamp() - make_interval(secs => $1::float8 / 1000)))
         OR (e.action::text <> 'EXPORT_DOWNLOAD_STARTED'
             AND o.at < clock_timestamp() - make_interval(secs => $2::float8 / 1000))
     ) f) i
      WHERE place <= CASE WHEN download THEN $4::int ELSE $3::int END
      ORDER BY place`,
    [deadAfterMs, callAfterMs, MAX_OPEN_CALLS, MAX_OPEN_DOWNLOADS],
  );
  return rows.map(openIntentOf);
}

function openIntentOf(row: OpenIntentRow): OpenIntent {
  const { rangeStart: start, rangeEnd: end } = row;
  return {
    id: row.id,
    at: row.at,
    call: row.call ?? undefined,
    region: row.region ?? undefined,
    entry: {
      companyId: row.companyId,
      action: row.action,
      actor: { type: row.actorType, id: row.actorId, label: row.actorLabel },
      origin: { requestId: row.requestId, ip: row.ip, userAgent: row.userAgent },
      jobId: row.jobId,
      subjectId: row.subjectId,
      format: row.format,
      filters: row.filters,
      sha256: row.sha256,
      range: start === null || end === null ? null : { start, end },
    },
  };
}
