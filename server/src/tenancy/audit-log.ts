import { createEventId } from '../events/event-id.ts';
import { execute, type Queryable, sql } from '../regions/sql.ts';

/** Who acts, as it is written into jobs and the audit log. */
export interface Actor {
  readonly type: 'user' | 'api_key';
  readonly id: string;
  /** A name for people: the key's name, the user's email address. */
  readonly label: string;
}

/** Where a request came from. */
export interface RequestOrigin {
  readonly requestId: string;
  readonly ip: string;
  readonly userAgent: string | null;
}

export type AuditAction = 'EXPORT_REQUESTED' | 'EXPORT_CANCELED' | 'EXPORT_DOWNLOADED';

interface AuditEntry {
  readonly companyId: string;
  readonly actor: Actor;
  readonly origin: RequestOrigin;
  readonly action: AuditAction;
  readonly subject: { readonly type: 'export'; readonly id: string };
  readonly details: Readonly<Record<string, unknown>>;
}

/** Appends to the region's audit log, in the transaction of the action it describes. */
export async function appendAudit(client: Queryable, entry: AuditEntry): Promise<void> {
  const { actor, origin, subject } = entry;
  await execute(
    client,
    sql`
      INSERT INTO audit_log (company_id, audit_id, action, actor_type, actor_id, actor_label,
        subject_type, subject_id, details, request_id, ip, user_agent)
      VALUES (${entry.companyId}, ${createEventId(Date.now() * 1000)}, ${entry.action}, ${actor.type}, ${actor.id}, ${actor.label},
        ${subject.type}, ${subject.id}, ${JSON.stringify(entry.details)}::json, ${origin.requestId}, ${origin.ip}, ${origin.userAgent})`,
  );
}
