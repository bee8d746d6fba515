import { type Queryable, query, sql } from '../../../regions/sql.ts';
import type { PresetKind } from '../preset.ts';

/** True if the database of this region has the table. Queried every time, so that a migration needs no restart. */
export async function hasPresets(client: Queryable, { table }: PresetKind): Promise<boolean> {
  const [row] = await query(
    client,
    sql<{ found: boolean }>`SELECT to_regclass(${`public.${table}`}) IS NOT NULL AS found`,
  );
  return row?.found === true;
}
