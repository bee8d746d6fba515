import type { Preset, PresetKind } from '../../../exports/presets/preset.ts';
import type { Queryable } from '../../../regions/sql.ts';
import { appendAudit, type AuditAction } from '../../../tenancy/audit-log.ts';
import type { DashboardCaller } from '../caller.ts';

/** Writes down what was done to a view or template, in the same transaction. */
export async function auditPreset(
  client: Queryable,
  { scope, actor, origin }: DashboardCaller,
  kind: PresetKind,
  action: AuditAction,
  { id, name, workspaceId, query, version }: Preset,
): Promise<void> {
  await appendAudit(client, {
    companyId: scope.companyId,
    actor,
    origin,
    action,
    subject: { type: kind.subject, id },
    details: { name, workspaceId, query, version },
  });
}
