import { CompanyGate } from '../../../http-edge/company-gate.ts';
import type { Queryable } from '../database.ts';
import type { Actor, AuditAction } from './append-evidence.ts';
import type { Principals } from './find-principals.ts';

export interface EvidenceFilter {
  readonly companyId: string;
  /** The actors. */
  readonly principals?: Principals | undefined;
  readonly type?: readonly AuditAction[] | undefined;
  readonly jobId?: string | undefined;
  /** RFC 3339, half-open. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

interface EvidenceRow {
  readonly id: string;
  readonly type: AuditAction;
  readonly at: Date;
  readonly userType: Actor['type'];
  readonly userId: string;
  readonly userLabel: string;
  readonly jobId: string | null;
  readonly subjectId: string | null;
  readonly format: string | null;
  readonly filters: unknown;
  readonly bytes: number | null;
  readonly rangeStart: number | null;
  readonly rangeEnd: number | null;
  readonly sha256: string | null;
  readonly outcome: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** The details of the row that settles it. */
  readonly outcomeDetails: Readonly<Record<string, unknown>> | null;
  readonly requestId: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** Maximum size of a page; the filters of a single row may have 1 MiB. */
const PAGE_BYTES = 8 * 1024 * 1024;

interface EvidencePage {
  readonly rows: EvidenceRow[];
  /** The last row of this page, after which the next page starts; undefined on the last page. */
  readonly next: string | undefined;
}

interface FoundRow extends EvidenceRow {
  /** Rows of the page before it was limited by size, plus one if more follow. */
  readonly found: number;
  readonly size: number;
  readonly bytesBefore: number;
}

/** Limits concurrent searches, because a search of much evidence takes seconds. */
const gate = new CompanyGate({
  // Two of the ten connections to the dashboard database stay free of searches.
  capacity: 8,
  reserved: 2,
  work: 'searches of evidence',
  maxRunning: 3,
  maxWaiting: 16,
  maxWaitMs: 2_000,
});

/**
 * Rows, newest first: at most `limit`, and at most 8 MiB unless the first row alone is larger. An intent and the row
 * that settles it are shown as one row, with the outcome PENDING until it is settled. Both rows of a download are
 * shown.
 * @throws Problem RATE_LIMITED if the company runs the maximum number of searches
 */
export function readEvidence(
  db: Queryable,
  filter: EvidenceFilter,
  page: PageAsked,
): Promise<EvidencePage> {
  return gate.run(filter.companyId, () => readPage(db, filter, page));
}

interface PageAsked {
  readonly before: string | undefined;
  readonly limit: number;
}

async function readPage(
  db: Queryable,
  filter: EvidenceFilter,
  page: PageAsked,
): Promise<EvidencePage> {
  const { rows } = await db.query<FoundRow>(
    `SELECT * FROM (
     SELECT *, (count(*) OVER ())::int AS found,
            sum(size) OVER (ORDER BY id DESC ROWS UNBOUNDED PRECEDING) - size AS "bytesBefore" FROM (
     SELECT e.evidence_id AS id, e.action AS type, e.at, e.actor_type AS "userType", e.actor_id AS "userId",
            e.actor_label AS "userLabel", e.job_id AS "jobId", coalesce(o.subject_id, e.subject_id) AS "subjectId",
            coalesce(o.format, e.format) AS format, coalesce(o.filters, e.filters, i.filters) AS filters, e.bytes,
            e.range_start AS "rangeStart", e.range_end AS "rangeEnd", e.sha256,
            coalesce(o.outcome, e.outcome, 'PENDING') AS outcome, e.details, o.details AS "outcomeDetails",
            e.request_id AS "requestId", e.ip,
            e.user_agent AS "userAgent",
            coalesce(octet_length(coalesce(o.filters, e.filters, i.filters)::text), 0)
              + octet_length(e.details::text) + coalesce(octet_length(o.details::text), 0) AS size
       FROM evidence e
       LEFT JOIN evidence o ON o.company_id = e.company_id AND o.settles = e.evidence_id
       LEFT JOIN evidence i ON i.company_id = e.company_id AND i.evidence_id = e.settles
      WHERE e.company_id = $1
        AND (e.settles IS NULL OR e.action::text LIKE 'EXPORT_DOWNLOAD_%')
        AND ($2::text[] IS NULL OR e.actor_id = ANY ($2))
        AND ($10::text IS NULL OR e.actor_type = $10)
        AND ($3::text[] IS NULL OR e.action::text = ANY ($3))
        AND ($4::uuid IS NULL OR e.job_id = $4)
        AND ($5::timestamptz IS NULL OR e.at >= $5)
        AND ($6::timestamptz IS NULL OR e.at < $6)
        AND ($7::uuid IS NULL OR e.evidence_id < $7)
      ORDER BY e.evidence_id DESC LIMIT $8) AS rows) AS page
      WHERE "bytesBefore" < $9 ORDER BY id DESC`,
    [
      filter.companyId,
      filter.principals?.ids ?? null,
      filter.type ?? null,
      filter.jobId ?? null,
      filter.from ?? null,
      filter.to ?? null,
      page.before ?? null,
      page.limit + 1,
      PAGE_BYTES,
      filter.principals?.type ?? null,
    ],
  );
  const shown = rows
    .slice(0, page.limit)
    .map(({ found: _found, size: _size, bytesBefore: _before, ...row }) => row);
  const hasMore = (rows[0]?.found ?? 0) > shown.length;
  return { rows: shown, next: hasMore ? shown.at(-1)?.id : undefined };
}

/** A row as `GET /api/evidence` shows it; `range` is `[start, end)` of the file. */
export function evidenceJson(row: EvidenceRow) {
  const { userType, userId, userLabel, rangeStart, rangeEnd, at, outcomeDetails, ...shown } = row;
  return {
    ...shown,
    // Merged here: jsonb in the database would reject values that json allows, such as \u0000.
    details: { ...shown.details, ...outcomeDetails },
    at: at.toISOString(),
    user: { type: userType, id: userId, label: userLabel },
    range: rangeStart === null || rangeEnd === null ? null : { start: rangeStart, end: rangeEnd },
  };
}
