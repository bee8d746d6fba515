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

/** Each filter may be up to a megabyte long, and the dashboard rejects responses of more than 16 MiB. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Returns the oldest unacknowledged entries, taken from every company of the region in turn: at most `limit` entries and
 * at most 8 MiB of details, but at least one entry. They are ordered by time.
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
        SELECT *, sum(octet_length(details::text)) OVER (ORDER BY turn) AS bytes
        FROM exhibit_read_outbox(${limit}) WITH ORDINALITY AS o(company_id, audit_id, at, action, actor_type, actor_id,
          actor_label, subject_type, subject_id, details, request_id, ip, user_agent, turn)
      ) entries
      WHERE turn = 1 OR bytes <= ${MAX_BYTES}
      ORDER BY at, audit_id`,
  );
}
