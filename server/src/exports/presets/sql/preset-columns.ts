import { type RawBuilder, sql } from '../../../regions/sql.ts';
import type { Preset, PresetKind } from '../preset.ts';

/** Columns of a kind's table, as every query selects them; `query` may be selected in another form. */
export function presetColumns(
  { idColumn, hasOptions }: PresetKind,
  query: RawBuilder<unknown> = sql`query`,
): RawBuilder<Preset> {
  const options = hasOptions
    ? sql`json_build_object('format', format, 'compression', compression,
        'csv', json_strip_nulls(json_build_object('formulaGuard', csv_formula_guard, 'bom', csv_bom,
          'columns', to_jsonb(export_templates) -> 'csv_columns')))`
    : sql`NULL`;
  return sql`
    company_id AS "companyId", ${sql.ref(idColumn)} AS id, name, description, ${query}, workspace_id AS "workspaceId",
    is_default AS "isDefault", created_by AS "createdBy", created_by_label AS "createdByLabel", version,
    created_at AS "createdAt", updated_at AS "updatedAt", ${options} AS options`;
}
