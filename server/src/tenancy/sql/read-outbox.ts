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

/** The oldest entries of every company of the region that nobody has acknowledged. */
export async function readOutbox(client: Queryable, limit: number): Promise<OutboxEntry[]> {
  return query(
    client,
    sql<OutboxEntry>`
      SELECT audit_id AS "outboxId", company_id AS "companyId", at, action,
        json_build_object('type', actor_type, 'id', actor_id, 'label', actor_label) AS actor,
        json_build_object('type', subject_type, 'id', subject_id) AS subject,
        details, request_id AS "requestId", ip, user_agent AS "userAgent"
      FROM exhibit_read_outbox(${limit})`,
  );
}
