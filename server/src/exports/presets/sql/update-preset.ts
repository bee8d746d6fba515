import { type Queryable, query, type RawBuilder, sql } from '../../../regions/sql.ts';
import { hasCsvColumns, requireCsvColumns } from '../../request/sql/has-csv-columns.ts';
import type { Preset, PresetKind } from '../preset.ts';
import { presetColumns } from './preset-columns.ts';

/** Stores the changed preset as its next version; undefined if it was changed since it was read. */
export async function updatePreset(
  client: Queryable,
  kind: PresetKind,
  preset: Preset,
): Promise<Preset | undefined> {
  const { options } = preset;
  const changed =
    options === null
      ? sql``
      : sql`, format = ${options.format}, compression = ${options.compression},
          csv_formula_guard = ${options.csv.formulaGuard}, csv_bom = ${options.csv.bom}${await csvColumnsChange(client, options.csv.columns)}`;
  const [row] = await query(
    client,
    sql<Preset>`
      UPDATE ${sql.table(kind.table)}
      SET workspace_id = ${preset.workspaceId}, name = ${preset.name}, description = ${preset.description},
          query = ${JSON.stringify(preset.query)}::json, is_default = ${preset.isDefault},
          version = version + 1, updated_at = now() ${changed}
      WHERE company_id = ${preset.companyId} AND ${sql.ref(kind.idColumn)} = ${preset.id} AND version = ${preset.version}
      RETURNING ${presetColumns(kind)}`,
  );
  return row;
}

/** In a region without the column there is nothing to reset. */
async function csvColumnsChange(
  client: Queryable,
  columns: readonly string[] | undefined,
): Promise<RawBuilder<unknown>> {
  if (columns !== undefined) await requireCsvColumns(client);
  else if (!(await hasCsvColumns(client))) return sql``;
  return sql`, csv_columns = ${columns === undefined ? null : [...columns]}::text[]`;
}
