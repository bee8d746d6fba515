import { Problem } from '../../errors.ts';
import type { Queryable } from '../../regions/sql.ts';
import { isUuid } from '../../tenancy/is-uuid.ts';
import { covers, type Scope } from '../../tenancy/scope.ts';
import type { Preset, PresetKind } from './preset.ts';
import { findPreset } from './sql/find-preset.ts';
import { hasPresets } from './sql/has-presets.ts';

/**
 * The preset with this ID, if the caller may see it. @throws Problem NOT_FOUND, identical for a malformed ID, an ID
 * of another tenant and an unknown ID; SCHEMA_DRIFT
 */
export async function findVisiblePreset(
  client: Queryable,
  kind: PresetKind,
  scope: Scope,
  id: string,
  { lock = false } = {},
): Promise<Preset> {
  await requirePresets(client, kind);
  const { companyId } = scope;
  const preset = isUuid(id)
    ? await findPreset(client, kind, { companyId, id: id.toLowerCase(), lock })
    : undefined;
  if (preset === undefined || !isVisible(scope, preset))
    throw new Problem('NOT_FOUND', `There is no ${kind.noun} with this id.`);
  return preset;
}

/** @throws Problem SCHEMA_DRIFT if this region lacks the migration */
export async function requirePresets(client: Queryable, kind: PresetKind): Promise<void> {
  if (await hasPresets(client, kind)) return;
  throw new Problem(
    'SCHEMA_DRIFT',
    `This region's database has no ${kind.noun}s yet: an operator has to run its migrations. Everything else works.`,
    { headers: { 'x-exhibit-schema-drift': kind.table } },
  );
}

function isVisible(scope: Scope, { workspaceId }: Preset): boolean {
  return workspaceId === null ? scope.workspaces.kind === 'all' : covers(scope, [workspaceId]);
}
