import type pg from 'pg';

/** Changes of a company's people follow one another: two owners cannot demote each other at the same moment. */
export async function lockCompany(client: pg.PoolClient, companyId: string): Promise<void> {
  await client.query('SELECT FROM companies WHERE company_id = $1 FOR UPDATE', [companyId]);
}
