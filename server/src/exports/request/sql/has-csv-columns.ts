import { Problem } from '../../../errors.ts';
import { type Queryable, query, sql } from '../../../regions/sql.ts';

/**
 * True if this region has migration 20261130110000_csv_columns, which allows CSV files with other than the default
 * columns.
 */
export async function hasCsvColumns(client: Queryable): Promise<boolean> {
  const [region] = await query(
    client,
    sql<{ found: boolean }>`
      SELECT EXISTS (SELECT FROM pg_attribute
        WHERE attrelid = to_regclass('public.export_jobs') AND attname = 'csv_columns'
          AND NOT attisdropped) AS found`,
  );
  return region?.found === true;
}

/** @throws Problem SCHEMA_DRIFT if this region cannot store the columns of a CSV file */
export async function requireCsvColumns(client: Queryable): Promise<void> {
  if (await hasCsvColumns(client)) return;
  throw new Problem(
    'SCHEMA_DRIFT',
    'This region cannot choose the columns of CSV files until it is migrated. Leave csv.columns out, or ask your operator to run "exhibit migrate".',
  );
}
