import type { Caller, RequestOrigin } from '../auth/request-origin.ts';
import type { Queryable } from '../database.ts';
import { uuidV7 } from '../uuid.ts';

/** The actions of evidence rows; the enum audit_action in the dashboard database. */
export const AUDIT_ACTIONS = [
  'COMPANY_CREATED',
  'WORKSPACE_CREATED',
  'WORKSPACE_RENAMED',
  'WORKSPACE_MEMBERS_CHANGED',
  'MEMBER_INVITED',
  'MEMBER_INVITATION_REVOKED',
  'MEMBER_JOINED',
  'MEMBER_CHANGED',
  'MEMBER_REMOVED',
  'EXPORT_REQUESTED',
  'EXPORT_RERUN',
  'EXPORT_CANCELED',
  'EXPORT_FILE_DELETED',
  'EXPORT_DOWNLOADED',
  'EXPORT_DOWNLOAD_STARTED',
  'EXPORT_DOWNLOAD_COMPLETED',
  'EXPORT_DOWNLOAD_ABORTED',
  'EXPORT_DOWNLOAD_DENIED',
  'SAVED_VIEW_CREATED',
  'SAVED_VIEW_UPDATED',
  'SAVED_VIEW_DELETED',
  'SAVED_VIEW_RUN',
  'EXPORT_TEMPLATE_CREATED',
  'EXPORT_TEMPLATE_UPDATED',
  'EXPORT_TEMPLATE_DELETED',
  'API_KEY_CREATED',
  'API_KEY_REVOKED',
  'EVENTS_READ',
  'EVIDENCE_EXPORTED',
  'PASSWORD_CHANGED',
  'REQUESTS_REFUSED',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export interface Actor {
  readonly type: 'user' | 'api_key' | 'system';
  readonly id: string;
  readonly label: string;
}

export interface EvidenceEntry {
  readonly companyId: string;
  readonly action: AuditAction;
  readonly actor: Actor;
  readonly origin: { readonly [Key in keyof RequestOrigin]: RequestOrigin[Key] | null };
  /** Time of the action; default: now. */
  readonly at?: string;
  readonly subjectId?: string | null;
  readonly details?: unknown;
  readonly jobId?: string | null;
  readonly format?: string | null;
  readonly filters?: unknown;
  readonly bytes?: number | null;
  /** `[start, end)` of the file. */
  readonly range?: { readonly start: number; readonly end: number } | null;
  readonly sha256?: string | null;
  /** SUCCEEDED or an error code; absent for intents. */
  readonly outcome?: string;
  /** The intent that this row settles; at most one row settles an intent. */
  readonly settles?: string;
  /** The row of a region's outbox that this row was imported from; each is imported once. */
  readonly outboxId?: string;
}

/** The actor and the origin of a request, for its rows. */
export function byMember({ member, origin }: Caller) {
  const actor: Actor = { type: 'user', id: member.userId, label: member.email };
  return { companyId: member.companyId, actor, origin };
}

/**
 * Appends a row. An intent that is already settled and an outbox row that is already imported are left unchanged.
 * @returns its id, or undefined if such a row already existed
 */
export async function appendEvidence(
  db: Queryable,
  entry: EvidenceEntry,
): Promise<string | undefined> {
  const { columns, values } = evidenceRow(entry);
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO evidence (${columns.join(', ')}) VALUES (${placeholders(values)})
     ON CONFLICT DO NOTHING RETURNING evidence_id AS id`,
    values,
  );
  return rows[0]?.id;
}

function placeholders(values: readonly unknown[]): string {
  return values.map((_, index) => `$${index + 1}`).join(', ');
}

/** Columns and values. A row that is not an intent has the outcome SUCCEEDED by default. */
export function evidenceRow(
  entry: EvidenceEntry,
  intent = false,
): { columns: string[]; values: unknown[] } {
  const row: Record<string, unknown> = {
    company_id: entry.companyId,
    evidence_id: uuidV7(),
    action: entry.action,
    actor_type: entry.actor.type,
    actor_id: entry.actor.id,
    actor_label: entry.actor.label,
    request_id: entry.origin.requestId,
    ip: entry.origin.ip,
    user_agent: entry.origin.userAgent,
    subject_id: entry.subjectId ?? null,
    details: JSON.stringify(entry.details ?? {}),
    outcome: intent ? null : (entry.outcome ?? 'SUCCEEDED'),
    settles: entry.settles ?? null,
    ...(entry.at === undefined ? {} : { at: entry.at }),
    ...exportColumns(entry),
  };
  return { columns: Object.keys(row), values: Object.values(row) };
}

/** Only the columns that have values: a database before migration 20260215120000 lacks some of them. */
function exportColumns(entry: EvidenceEntry): Record<string, unknown> {
  const given = {
    job_id: entry.jobId,
    format: entry.format,
    filters:
      entry.filters === undefined || entry.filters === null ? null : JSON.stringify(entry.filters),
    bytes: entry.bytes,
    range_start: entry.range?.start,
    range_end: entry.range?.end,
    sha256: entry.sha256,
    outbox_id: entry.outboxId,
  };
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== null),
  );
}
