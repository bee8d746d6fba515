import { type Queryable, query, sql } from '../../../regions/sql.ts';
import type { Preset, PresetKind } from '../preset.ts';
import { presetColumns } from './preset-columns.ts';

interface FindPreset {
  readonly companyId: string;
  readonly id: string;
  /** Locks the row until the transaction ends. */
  readonly lock: boolean;
}

export async function findPreset(
  client: Queryable,
  kind: PresetKind,
  { companyId, id, lock }: FindPreset,
): Promise<Preset | undefined> {
  const [row] = await query(
    client,
    sql<Preset>`
      SELECT ${presetColumns(kind)} FROM ${sql.table(kind.table)}
      WHERE company_id = ${companyId} AND ${sql.ref(kind.idColumn)} = ${id} ${lock ? sql`FOR UPDATE` : sql``}`,
  );
  return row;
}
