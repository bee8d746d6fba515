import type { Preset, PresetKind } from '../../../exports/presets/preset.ts';
import type { Queryable } from '../../../regions/sql.ts';
import { appendAudit, type AuditAction } from '../../../tenancy/audit-log.ts';
import type { DashboardCaller } from '../caller.ts';

interface PresetAct {
  readonly caller: DashboardCaller;
  readonly kind: PresetKind;
  readonly action: AuditAction;
}

type Changes = Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>;

/** Records an action on a view or template in the same transaction; for a change, with the values before it. */
export async function auditPreset(
  client: Queryable,
  { caller: { scope, actor, origin }, kind, action }: PresetAct,
  preset: Preset,
  before?: Preset,
): Promise<void> {
  const { id, name, workspaceId, query, version, options } = preset;
  await appendAudit(client, {
    companyId: scope.companyId,
    actor,
    origin,
    action,
    subject: { type: kind.subject, id },
    details: {
      name,
      workspaceId,
      ...options,
      filters: query,
      version,
      ...(before !== undefined && { changes: changesOf(before, preset) }),
    },
  });
}

/** The fields that changed, with their values before and after. */
function changesOf(before: Preset, after: Preset): Changes {
  const fieldsOf = ({ name, description, workspaceId, isDefault, query, options }: Preset) => ({
    name,
    description,
    workspaceId,
    isDefault,
    filters: query,
    ...options,
  });
  const old = Object.entries(fieldsOf(before));
  const now: Readonly<Record<string, unknown>> = fieldsOf(after);
  return Object.fromEntries(
    old
      .filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(now[field]))
      .map(([field, value]) => [field, { before: value, after: now[field] }]),
  );
}
