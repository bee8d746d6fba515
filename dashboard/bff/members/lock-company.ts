import type pg from 'pg';

/** Serialises changes of a company's people, so that two owners cannot demote each other at the same time. */
export async function lockCompany(client: pg.PoolClient, companyId: string): Promise<void> {
  await client.query('SELECT FROM companies WHERE company_id = $1 FOR UPDATE', [companyId]);
}
