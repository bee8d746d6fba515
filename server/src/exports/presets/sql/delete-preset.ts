import { execute, type Queryable, sql } from '../../../regions/sql.ts';
import type { Preset, PresetKind } from '../preset.ts';

export async function deletePreset(
  client: Queryable,
  kind: PresetKind,
  { companyId, id, version }: Preset,
): Promise<boolean> {
  const deleted = await execute(
    client,
    sql`
      DELETE FROM ${sql.table(kind.table)}
      WHERE company_id = ${companyId} AND ${sql.ref(kind.idColumn)} = ${id} AND version = ${version}`,
  );
  return deleted === 1;
}
