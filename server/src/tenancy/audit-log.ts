import { createEventId } from '../event-id.ts';
import { execute, type Queryable, sql } from '../regions/sql.ts';

/** The operator, who has access to the databases and uses the command line. */
export const OPERATOR = { type: 'system', id: 'operator', label: 'command line' } as const;
export const OPERATOR_ORIGIN = { requestId: null, ip: null, userAgent: null } as const;

/** The actor of an operation, as recorded in jobs and in the audit log. */
export interface Actor {
  readonly type: 'user' | 'api_key';
  readonly id: string;
  /** A readable name: the name of the key or the email address of the user. */
  readonly label: string;
}

/** The origin of a request. */
export interface RequestOrigin {
  readonly requestId: string;
  readonly ip: string;
  readonly userAgent: string | null;
}

/**
 * The actions in the audit log, and which actors' entries are copied to the dashboard's evidence through the outbox:
 * - `none`: no copies; the entry stays in the region, or the dashboard server writes the evidence itself
 * - `keys`: entries of API keys, whose requests do not pass through the dashboard server
 * - `all`: entries of every actor
 */
const AUDIT_ACTIONS = {
  EVENTS_QUERIED: 'none',
  EVENTS_READ: 'keys',
  SAVED_VIEW_CREATED: 'none',
  SAVED_VIEW_UPDATED: 'none',
  SAVED_VIEW_DELETED: 'none',
  SAVED_VIEW_RUN: 'none',
  EXPORT_REQUESTED: 'keys',
  EXPORT_RERUN: 'keys',
  EXPORT_CANCELED: 'keys',
  EXPORT_DOWNLOADED: 'keys',
  EXPORT_FILE_DELETED: 'keys',
  EXPORT_TEMPLATE_CREATED: 'all',
  EXPORT_TEMPLATE_UPDATED: 'all',
  EXPORT_TEMPLATE_DELETED: 'all',
  EXPORT_TEMPLATE_RUN: 'none',
  API_KEY_CREATED: 'all',
  API_KEY_REVOKED: 'all',
} as const satisfies Record<string, 'none' | 'keys' | 'all'>;

export type AuditAction = keyof typeof AUDIT_ACTIONS;

type SubjectType = 'event' | 'events' | 'saved_view' | 'export' | 'export_template' | 'api_key';

interface AuditEntry {
  readonly companyId: string;
  readonly actor: Actor | typeof OPERATOR;
  readonly origin: RequestOrigin | typeof OPERATOR_ORIGIN;
  readonly action: AuditAction;
  readonly subject: { readonly type: SubjectType; readonly id: string };
  readonly details: Readonly<Record<string, unknown>>;
  /** Default: a new id. An entry with an existing id is not written again. */
  readonly auditId?: string;
}

/** Appends to the region's audit log and, if evidence needs it, to the outbox, in the transaction of the action. */
export async function appendAudit(client: Queryable, entry: AuditEntry): Promise<void> {
  const { actor, origin, subject } = entry;
  const auditId = entry.auditId ?? createEventId(Date.now() * 1000);
  const written = await execute(
    client,
    sql`
      INSERT INTO audit_log (company_id, audit_id, action, actor_type, actor_id, actor_label,
        subject_type, subject_id, details, request_id, ip, user_agent)
      VALUES (${entry.companyId}, ${auditId}, ${entry.action}, ${actor.type}, ${actor.id}, ${actor.label},
        ${subject.type}, ${subject.id}, ${JSON.stringify(entry.details)}::json, ${origin.requestId}, ${origin.ip}, ${origin.userAgent})
      ON CONFLICT DO NOTHING`,
  );
  const goesOut = AUDIT_ACTIONS[entry.action];
  if (written === 0 || goesOut === 'none') return;
  if (goesOut === 'keys' && actor.type !== 'api_key') return;
  await execute(
    client,
    sql`INSERT INTO audit_outbox (company_id, audit_id) VALUES (${entry.companyId}, ${auditId})`,
  );
}
