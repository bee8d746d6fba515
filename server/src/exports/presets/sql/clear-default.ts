import { execute, type Queryable, sql } from '../../../regions/sql.ts';
import type { NewPreset } from './insert-preset.ts';
import type { PresetKind } from '../preset.ts';

/** Clears the default of a person in a workspace, or in the company, before another preset becomes the default. */
export async function clearDefault(
  client: Queryable,
  kind: PresetKind,
  next: Pick<NewPreset, 'companyId' | 'id' | 'workspaceId' | 'createdBy'>,
): Promise<void> {
  await execute(
    client,
    sql`
      UPDATE ${sql.table(kind.table)} SET is_default = false, version = version + 1, updated_at = now()
      WHERE company_id = ${next.companyId} AND workspace_id IS NOT DISTINCT FROM ${next.workspaceId}::uuid
        AND created_by = ${next.createdBy} AND is_default AND ${sql.ref(kind.idColumn)} <> ${next.id}`,
  );
}
