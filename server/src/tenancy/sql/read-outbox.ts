import { type Queryable, query, sql } from '../../regions/sql.ts';

export interface OutboxEntry {
  readonly outboxId: string;
  readonly companyId: string;
  readonly at: Date;
  readonly action: string;
  readonly actor: { readonly type: string; readonly id: string; readonly label: string };
  readonly subject: { readonly type: string; readonly id: string };
  readonly details: unknown;
  readonly requestId: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** Filters may have a megabyte each; the dashboard takes no answer beyond 16 MiB. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * The oldest entries of every company of the region that nobody has acknowledged: at most `limit`, and fewer where
 * their details would come to more than 8 MiB, but at least one.
 */
export async function readOutbox(client: Queryable, limit: number): Promise<OutboxEntry[]> {
  return query(
    client,
    sql<OutboxEntry>`
      SELECT audit_id AS "outboxId", company_id AS "companyId", at, action,
        json_build_object('type', actor_type, 'id', actor_id, 'label', actor_label) AS actor,
        json_build_object('type', subject_type, 'id', subject_id) AS subject,
        details, request_id AS "requestId", ip, user_agent AS "userAgent"
      FROM (
        SELECT *, row_number() OVER oldest_first AS place, sum(octet_length(details::text)) OVER oldest_first AS bytes
        FROM exhibit_read_outbox(${limit})
        WINDOW oldest_first AS (ORDER BY at, audit_id)
      ) entries
      WHERE place = 1 OR bytes <= ${MOST_BYTES}
      ORDER BY place`,
  );
}
