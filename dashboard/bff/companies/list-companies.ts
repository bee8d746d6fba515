import { openPool } from '../database.ts';

export interface ListedCompany {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly state: 'ready' | 'pending';
  readonly workspaces: number;
  readonly members: number;
  readonly createdAt: Date;
}

/** Every company of an installation, oldest first, for its operator. */
export async function listCompanies(databaseUrl: string): Promise<ListedCompany[]> {
  const pool = openPool(databaseUrl);
  try {
    const { rows } = await pool.query<ListedCompany>(
      `SELECT c.company_id AS id, c.name, c.region,
              CASE WHEN c.provisioned_revision >= c.revision THEN 'ready' ELSE 'pending' END AS state,
              (SELECT count(*) FROM workspaces w WHERE w.company_id = c.company_id) AS workspaces,
              (SELECT count(*) FROM members m WHERE m.company_id = c.company_id) AS members,
              c.created_at AS "createdAt"
         FROM companies c ORDER BY c.created_at, c.company_id`,
    );
    return rows;
  } finally {
    await pool.end();
  }
}
