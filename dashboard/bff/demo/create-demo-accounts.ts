import { insertUser } from '../auth/insert-user.ts';
import type { Role } from '../auth/member.ts';
import { createCompany, type NewCompany } from '../companies/create-company.ts';
import { inTransaction, openPool } from '../database.ts';

export interface DemoAccount {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly role: Role;
  readonly companyId: string;
  /** The workspaces of a MEMBER; empty for other roles, which have access to all. */
  readonly workspaceIds: readonly string[];
}

/**
 * Writes companies that already exist in their regions, and people who can sign in, directly to the dashboard database,
 * so no server needs to run. Companies that exist here are left unchanged.
 */
export async function createDemoAccounts(
  databaseUrl: string,
  companies: readonly NewCompany[],
  accounts: readonly DemoAccount[],
): Promise<void> {
  const pool = openPool(databaseUrl);
  try {
    for (const company of companies) {
      await inTransaction(pool, async (client) => {
        const known = await client.query('SELECT FROM companies WHERE company_id = $1', [
          company.id,
        ]);
        if (known.rowCount !== 0) return;
        await createCompany(client, company);
        await client.query(
          'UPDATE companies SET provisioned_revision = revision WHERE company_id = $1',
          [company.id],
        );
        for (const account of accounts.filter(({ companyId }) => companyId === company.id)) {
          const userId = await insertUser(client, account);
          await client.query(
            'INSERT INTO members (company_id, user_id, role) VALUES ($1, $2, $3)',
            [company.id, userId, account.role],
          );
          await client.query(
            `INSERT INTO workspace_members (company_id, workspace_id, user_id)
             SELECT $1, id, $2 FROM unnest($3::uuid[]) id`,
            [company.id, userId, account.workspaceIds],
          );
        }
      });
    }
  } finally {
    await pool.end();
  }
}
