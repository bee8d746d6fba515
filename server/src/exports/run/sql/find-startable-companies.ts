import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { WAKE_PATIENCE_SECONDS } from '../../wait/sql/wake-waiting.ts';

const MOST = 100;

/** Companies that have a job waiting and a slot free. Empty where the region has not been migrated so far. */
export async function findStartableCompanies(client: Queryable, slots: number): Promise<string[]> {
  const [region] = await query(
    client,
    sql<{
      found: boolean;
    }>`SELECT to_regclass('public.export_slots') IS NOT NULL AS found`,
  );
  if (region?.found !== true) return [];
  const rows = await query(
    client,
    sql<{ company_id: string }>`
      SELECT company_id
      FROM exhibit_startable_companies(${slots}, make_interval(secs => ${WAKE_PATIENCE_SECONDS}), ${MOST})`,
  );
  return rows.map((row) => row.company_id);
}
