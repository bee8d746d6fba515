import { Problem } from '../../errors.ts';
import { createEventId } from '../../event-id.ts';
import { canonicalOrder, type EventQuery } from '../../../../contract/event-query.ts';
import { validationProblem } from '../../events/query/validation-problem.ts';
import type { Queryable } from '../../regions/sql.ts';
import { violatedConstraint } from '../../regions/system-error.ts';
import { type Quotas, requireRoom } from '../../tenancy/quota.ts';
import { resolveWorkspaces, type Scope } from '../../tenancy/scope.ts';
import { lockQuota } from '../../tenancy/sql/lock-quota.ts';
import type { Preset, PresetKind } from './preset.ts';
import { clearDefault } from './sql/clear-default.ts';
import { countPresets } from './sql/count-presets.ts';
import { deletePreset } from './sql/delete-preset.ts';
import { insertPreset, type NewPreset } from './sql/insert-preset.ts';
import { updatePreset } from './sql/update-preset.ts';

/**
 * Stores a new view or template.
 * @param quotas undefined for no limit
 * @throws Problem NAME_TAKEN, QUOTA_EXCEEDED, WORKSPACE_FORBIDDEN, VALIDATION_FAILED if the query names other
 *   workspaces
 */
export async function createPreset(
  client: Queryable,
  kind: PresetKind,
  scope: Scope,
  preset: Omit<NewPreset, 'id'>,
  quotas?: Quotas,
): Promise<Preset> {
  const id = createEventId(Date.now() * 1000);
  const placed = await place(client, scope, { ...preset, id });
  await lockQuota(client, preset.companyId, kind.quota);
  const used = await countPresets(client, kind, preset.companyId);
  requireRoom(kind.quota, used, quotas?.[kind.quota]);
  if (placed.isDefault) await clearDefault(client, kind, placed);
  return insertPreset(client, kind, placed).catch(alreadyThere(kind, placed));
}

/**
 * Stores a changed preset, which the caller has locked and checked, as its next version.
 * @throws Problem as createPreset; VERSION_CONFLICT
 */
export async function changePreset(
  client: Queryable,
  kind: PresetKind,
  scope: Scope,
  preset: Preset,
): Promise<Preset> {
  const placed = await place(client, scope, preset);
  if (placed.isDefault) await clearDefault(client, kind, placed);
  const changed = await updatePreset(client, kind, placed).catch(alreadyThere(kind, placed));
  if (changed === undefined) throw versionConflict(preset.version);
  return changed;
}

export async function removePreset(
  client: Queryable,
  kind: PresetKind,
  preset: Preset,
): Promise<void> {
  if (!(await deletePreset(client, kind, preset))) throw versionConflict(preset.version);
}

export function versionConflict(currentVersion: number): Problem {
  return new Problem(
    'VERSION_CONFLICT',
    `Someone else has changed this; it is now at version ${currentVersion}. Load it again and repeat your change.`,
    { members: { currentVersion } },
  );
}

/** The query of a preset in one workspace names that workspace, so that it has the same meaning wherever it runs. */
async function place<Placed extends { workspaceId: string | null; query: EventQuery }>(
  client: Queryable,
  scope: Scope,
  preset: Placed,
): Promise<Placed> {
  const { workspaceId, query } = preset;
  const named = query.workspaceIds?.map((id) => id.toLowerCase());
  if (workspaceId === null) {
    if (named !== undefined) await resolveWorkspaces(client, scope, named);
    return preset;
  }
  await resolveWorkspaces(client, scope, [workspaceId]);
  if (named !== undefined && named.some((id) => id !== workspaceId)) {
    await resolveWorkspaces(client, scope, named);
    const message = 'must be the workspace it is saved in, or be left out';
    throw validationProblem([{ path: 'query.workspaceIds', message }]);
  }
  return { ...preset, query: canonicalOrder({ ...query, workspaceIds: [workspaceId] }) };
}

function alreadyThere(kind: PresetKind, { name }: { name: string }) {
  return (error: unknown): never => {
    if (violatedConstraint(error) === `${kind.table}_one_default`) {
      const detail = 'Another default was set at this very moment. Load the list again.';
      throw new Problem('VERSION_CONFLICT', detail, { cause: error });
    }
    if (violatedConstraint(error) !== `${kind.table}_name_key`) throw error;
    const message = 'is taken in this place; choose another';
    throw new Problem('NAME_TAKEN', `There is already a ${kind.noun} named “${name}” here.`, {
      errors: [{ path: 'name', message }],
      cause: error,
    });
  };
}
