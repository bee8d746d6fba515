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

/** What is written down, and whether the dashboard's evidence must hear of it when an API key did it. */
const AUDIT_ACTIONS = {
  EVENTS_QUERIED: false,
  SAVED_VIEW_CREATED: false,
  SAVED_VIEW_UPDATED: false,
  SAVED_VIEW_DELETED: false,
  SAVED_VIEW_RUN: false,
  EXPORT_REQUESTED: true,
  EXPORT_RERUN: true,
  EXPORT_CANCELED: true,
  EXPORT_DOWNLOADED: true,
  EXPORT_FILE_DELETED: true,
  EXPORT_TEMPLATE_CREATED: false,
  EXPORT_TEMPLATE_UPDATED: false,
  EXPORT_TEMPLATE_DELETED: false,
  EXPORT_TEMPLATE_RUN: false,
  API_KEY_CREATED: false,
  API_KEY_REVOKED: false,
} as const;

export type AuditAction = keyof typeof AUDIT_ACTIONS;

type SubjectType = 'event' | 'events' | 'saved_view' | 'export' | 'export_template' | 'api_key';

interface AuditEntry {
  readonly companyId: string;
  readonly actor: Actor;
  readonly origin: RequestOrigin;
  readonly action: AuditAction;
  readonly subject: { readonly type: SubjectType; readonly id: string };
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Appends to the region's audit log, in the transaction of the action it describes. What a user does passes
 * the dashboard, which keeps its own evidence; what an API key does gets there by the outbox.
 */
export async function appendAudit(client: Queryable, entry: AuditEntry): Promise<void> {
  const { actor, origin, subject } = entry;
  const auditId = createEventId(Date.now() * 1000);
  await execute(
    client,
    sql`
      INSERT INTO audit_log (company_id, audit_id, action, actor_type, actor_id, actor_label,
        subject_type, subject_id, details, request_id, ip, user_agent)
      VALUES (${entry.companyId}, ${auditId}, ${entry.action}, ${actor.type}, ${actor.id}, ${actor.label},
        ${subject.type}, ${subject.id}, ${JSON.stringify(entry.details)}::json, ${origin.requestId}, ${origin.ip}, ${origin.userAgent})`,
  );
  if (actor.type !== 'api_key' || !AUDIT_ACTIONS[entry.action]) return;
  await execute(
    client,
    sql`INSERT INTO audit_outbox (company_id, audit_id) VALUES (${entry.companyId}, ${auditId})`,
  );
}
