import { execute, type Queryable, sql } from '../../../regions/sql.ts';
import { textArray } from '../../../regions/text-array.ts';
import { formatLine } from '../canonical-line.ts';
import type { EventSender } from '../decide-items.ts';
import type { ParsedEvent } from '../parsed-event.ts';
import { formatMicros } from '../timestamp.ts';

export interface EventRow {
  readonly id: string;
  readonly timestamp: string;
  readonly event: ParsedEvent;
  readonly sender: EventSender | null;
}

/**
 * Position of the rows: after the rows stored since the head last advanced. The caller holds the lock on the head.
 */
interface Place {
  readonly companyId: string;
  readonly workspaceId: string;
  readonly behind: number;
  /** When the api received the rows, in microseconds since the epoch. */
  readonly receivedMicros: number;
}

/**
 * Stores rows of one workspace, numbered from its head. INSERT … SELECT from the head with unnest: pushed down under
 * row-level security on a distributed PostgreSQL, where COPY FROM and a bare unnest are refused (guarantee 12, rule
 * 3). Lines and metadata hold no newline (canonical JSON escapes it), so each column is sent as one text, which takes
 * half the time of an array literal, whose quoting doubles every quote of the JSON.
 * @returns the number of rows stored, which the caller must check
 */
export async function insertEvents(
  client: Queryable,
  { companyId, workspaceId, behind, receivedMicros }: Place,
  rows: readonly EventRow[],
): Promise<number> {
  const column = (pick: (columns: ParsedEvent['columns']) => string | null) =>
    textArray(rows.map(({ event }) => pick(event.columns)));
  const lines = rows
    .map(({ id, timestamp, event }) =>
      formatLine(event, { id, companyId, workspaceId, timestampText: timestamp }),
    )
    .join('\n');
  // A batch has one sender, passed as two values instead of two per row. Only single events of several keys in one
  // transaction need arrays. One statement serves both cases, because unnest fills empty arrays with NULL.
  const senders = rows.map(({ sender }) => sender);
  const isCommon = senders.every((sender) => sender?.keyId === senders[0]?.keyId);
  const common = isCommon ? senders[0] : null;
  const several = isCommon ? [] : senders;
  const metadata = rows.map(({ event }) => event.raw.metadata ?? '').join('\n');
  return execute(
    client,
    sql`
    INSERT INTO events (company_id, workspace_id, id, seq, "timestamp", project_id, category, action,
      actor_id, actor_email, actor_role, resource_type, resource_id, trace_id, ip_address, user_agent, geo,
      tags, metadata, line, leaf_hash, verbatim, formula_guard, received_at, api_key_id, api_key_label)
    SELECT h.company_id, h.workspace_id, u.id, h.seq + ${behind} + u.number, u."timestamp", u.project_id, u.category, u.action,
      u.actor_id, u.actor_email, u.actor_role, u.resource_type, u.resource_id, u.trace_id, u.ip_address, u.user_agent, u.geo,
      CASE WHEN u.tags IS NOT NULL THEN ARRAY(SELECT json_array_elements_text(u.tags::json)) END, nullif(u.metadata, '')::json,
      u.line, sha256('\\x00'::bytea || convert_to(u.line, 'UTF8')), u.verbatim, u.formula_guard,
      ${formatMicros(receivedMicros)}::timestamptz, coalesce(u.api_key_id, ${common?.keyId ?? null}::uuid),
      coalesce(u.api_key_label, ${common?.label ?? null}::text)
    FROM workspace_heads h
    CROSS JOIN unnest(
      ${textArray(rows.map((row) => row.id))}::uuid[], ${textArray(rows.map((row) => row.timestamp))}::text[],
      ${column(({ projectId }) => projectId)}::text[],
      ${column(({ category }) => category)}::text[], ${column(({ action }) => action)}::text[],
      ${column(({ actorId }) => actorId)}::text[], ${column(({ actorEmail }) => actorEmail)}::text[],
      ${column(({ actorRole }) => actorRole)}::text[],
      ${column(({ resourceType }) => resourceType)}::text[], ${column(({ resourceId }) => resourceId)}::text[],
      ${column(({ traceId }) => traceId)}::text[], ${column(({ ipAddress }) => ipAddress)}::text[],
      ${column(({ userAgent }) => userAgent)}::text[], ${column(({ geo }) => geo)}::text[],
      ${column(({ tags }) => (tags === null ? null : JSON.stringify(tags)))}::text[],
      string_to_array(${metadata}, E'\\n'), string_to_array(${lines}, E'\\n'),
      ${flags(rows.map(({ event }) => event.verbatim))}::boolean[], ${flags(rows.map(({ event }) => event.formulaGuard))}::boolean[],
      ${textArray(several.map((sender) => sender?.keyId ?? null))}::uuid[],
      ${textArray(several.map((sender) => sender?.label ?? null))}::text[]
    ) WITH ORDINALITY AS u(id, "timestamp", project_id, category, action, actor_id, actor_email, actor_role,
      resource_type, resource_id, trace_id, ip_address, user_agent, geo, tags, metadata, line, verbatim, formula_guard,
      api_key_id, api_key_label, number)
    WHERE h.company_id = ${companyId} AND h.workspace_id = ${workspaceId}`,
    'insert-events',
  );
}

function flags(values: readonly boolean[]): string {
  return `{${values.map((value) => (value ? 't' : 'f')).join(',')}}`;
}
