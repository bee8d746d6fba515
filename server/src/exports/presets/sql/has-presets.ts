import { type Queryable, query, sql } from '../../../regions/sql.ts';
import type { PresetKind } from '../preset.ts';

/** Whether this region's database has the table already; asked every time, so a migration needs no restart. */
export async function hasPresets(client: Queryable, { table }: PresetKind): Promise<boolean> {
  const [row] = await query(
    client,
    sql<{ found: boolean }>`SELECT to_regclass(${`public.${table}`}) IS NOT NULL AS found`,
  );
  return row?.found === true;
}
