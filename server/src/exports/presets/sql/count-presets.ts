import { type Queryable, query, sql } from '../../../regions/sql.ts';
import type { PresetKind } from '../preset.ts';

export async function countPresets(
  client: Queryable,
  { table }: PresetKind,
  companyId: string,
): Promise<number> {
  const [row] = await query(
    client,
    sql<{ count: number }>`
      SELECT count(*) AS count FROM ${sql.table(table)} WHERE company_id = ${companyId}`,
  );
  return row?.count ?? 0;
}
