import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { requireCsvColumns } from '../../request/sql/has-csv-columns.ts';
import type { Preset, PresetKind } from '../preset.ts';
import { presetColumns } from './preset-columns.ts';

export type NewPreset = Omit<Preset, 'version' | 'createdAt' | 'updatedAt'>;

export async function insertPreset(
  client: Queryable,
  kind: PresetKind,
  preset: NewPreset,
): Promise<Preset> {
  const { options } = preset;
  const csvColumns = options?.csv.columns;
  if (csvColumns !== undefined) await requireCsvColumns(client);
  const [columns, values] =
    options === null
      ? [sql``, sql``]
      : [
          sql`, format, compression, csv_formula_guard, csv_bom${csvColumns ? sql`, csv_columns` : sql``}`,
          sql`, ${options.format}, ${options.compression}, ${options.csv.formulaGuard}, ${options.csv.bom}${csvColumns ? sql`, ${[...csvColumns]}::text[]` : sql``}`,
        ];
  const [row] = await query(
    client,
    sql<Preset>`
      INSERT INTO ${sql.table(kind.table)} (company_id, ${sql.ref(kind.idColumn)}, workspace_id, name, description,
        query, is_default, created_by, created_by_label ${columns})
      VALUES (${preset.companyId}, ${preset.id}, ${preset.workspaceId}, ${preset.name}, ${preset.description},
        ${JSON.stringify(preset.query)}::json, ${preset.isDefault}, ${preset.createdBy}, ${preset.createdByLabel} ${values})
      RETURNING ${presetColumns(kind)}`,
  );
  if (row === undefined) throw new Error('the preset was not stored');
  return row;
}
