import { inTransaction, openPool } from '../database.ts';

interface Demo {
  readonly companyIds: readonly string[];
  /** Email addresses of the accounts whose passwords are public. */
  readonly emails: readonly string[];
}

export interface DemoLogIns {
  /** A company of the demo exists. */
  readonly hasDemo: boolean;
  /** A company that is not part of the demo exists. */
  readonly hasOthers: boolean;
  /** Accounts of the demo that have a password. */
  readonly emails: readonly string[];
}

/** The demo data in a dashboard database. */
export async function findDemoLogIns(databaseUrl: string, demo: Demo): Promise<DemoLogIns> {
  const pool = openPool(databaseUrl);
  try {
    const { rows: companies } = await pool.query<{ isDemo: boolean }>(
      'SELECT DISTINCT company_id = ANY($1::uuid[]) AS "isDemo" FROM companies',
      [demo.companyIds],
    );
    const { rows: people } = await pool.query<{ email: string }>(
      `SELECT u.email FROM "user" u
         JOIN members m ON m.user_id = u.id AND m.company_id = ANY($1::uuid[])
        WHERE u.email = ANY($2::text[])
          AND EXISTS (SELECT FROM account a WHERE a."userId" = u.id AND a.password IS NOT NULL)
        ORDER BY u.email`,
      [demo.companyIds, demo.emails],
    );
    return {
      hasDemo: companies.some(({ isDemo }) => isDemo),
      hasOthers: companies.some(({ isDemo }) => !isDemo),
      emails: people.map(({ email }) => email),
    };
  } finally {
    await pool.end();
  }
}

/**
 * Permanently removes the passwords of the demo's accounts, ends every session of the demo's companies and revokes their
 * open invitations: with a public password, anyone may have signed in and created them. People, roles and evidence stay.
 *
 * @returns the accounts that had a password
 */
export async function disableDemoLogIns(databaseUrl: string, demo: Demo): Promise<string[]> {
  const pool = openPool(databaseUrl);
  try {
    return await inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ email: string }>(
        `DELETE FROM account a USING "user" u, members m
          WHERE a."userId" = u.id AND m.user_id = u.id AND m.company_id = ANY($1::uuid[])
            AND u.email = ANY($2::text[])
        RETURNING u.email`,
        [demo.companyIds, demo.emails],
      );
      await client.query(
        `DELETE FROM session s USING members m
          WHERE s."userId" = m.user_id AND m.company_id = ANY($1::uuid[])`,
        [demo.companyIds],
      );
      await client.query(
        'DELETE FROM invitations WHERE company_id = ANY($1::uuid[]) AND accepted_at IS NULL',
        [demo.companyIds],
      );
      return rows.map(({ email }) => email).sort();
    });
  } finally {
    await pool.end();
  }
}
