import { type Queryable, query, sql } from '../../../regions/sql.ts';
import { DISPATCH_TIMEOUT_SECONDS } from '../../wait/sql/claim-waiting-exports.ts';

const MAX = 100;

/** Companies with a waiting job and a free slot. Empty in a region without the migration. */
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
      FROM exhibit_startable_companies(${slots}, make_interval(secs => ${DISPATCH_TIMEOUT_SECONDS}), ${MAX})`,
  );
  return rows.map((row) => row.company_id);
}
