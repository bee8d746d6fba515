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
  /** A MEMBER's; empty for the others, who have all. */
  readonly workspaceIds: readonly string[];
}

/**
 * Writes companies that exist in their regions already, and people who can sign in, straight into the
 * dashboard database, so it works before anything listens. Again it does nothing, whatever was changed since.
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
