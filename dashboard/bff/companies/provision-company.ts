import type { BffDeps } from '../bff-deps.ts';
import { inTransaction } from '../database.ts';

type ProvisionDeps = Pick<BffDeps, 'pool' | 'api' | 'tokens' | 'log'>;

const CALL_TIMEOUT_MS = 5_000;

interface CompanyRow {
  readonly name: string;
  readonly region: string;
  readonly revision: number;
  readonly pending: boolean;
}

/**
 * Sends a company's name and workspaces to its region, if the region has not confirmed the latest revision. Idempotent.
 * One process at a time, so that an older revision never arrives after a newer one.
 * @returns false if the region could not be reached
 */
async function provisionCompany(deps: ProvisionDeps, companyId: string): Promise<boolean> {
  return inTransaction(deps.pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `provision ${companyId}`,
    ]);
    const { rows } = await client.query<CompanyRow>(
      `SELECT name, region, revision, revision > provisioned_revision AS pending
         FROM companies WHERE company_id = $1`,
      [companyId],
    );
    const company = rows[0];
    if (company?.pending !== true) return true;
    const workspaces = await client.query<{ id: string; name: string }>(
      `SELECT workspace_id AS id, name FROM workspaces WHERE company_id = $1 ORDER BY workspace_id`,
      [companyId],
    );
    const answer = await deps.api.call({
      method: 'PUT',
      path: '/dashboard/company',
      token: await deps.tokens.forSystem(company.region, companyId),
      body: JSON.stringify({ name: company.name, workspaces: workspaces.rows }),
      timeoutMs: CALL_TIMEOUT_MS,
    });
    // Only the api's own status counts: a gateway's page with status 200 does not confirm anything.
    if (answer.status !== 204) {
      deps.log.warn(
        { companyId, status: answer.status },
        'the region did not take the company over',
      );
      return false;
    }
    // `revision` as read before the call: a later change stays pending.
    await client.query(
      'UPDATE companies SET provisioned_revision = greatest(provisioned_revision, $2) WHERE company_id = $1',
      [companyId, company.revision],
    );
    return true;
  });
}

/** Provisions right after a change, usually before the response is sent; if that fails, the loop retries. */
export async function provisionSoon(deps: ProvisionDeps, companyId: string): Promise<boolean> {
  return provisionCompany(deps, companyId).catch((error: unknown) => {
    deps.log.warn({ err: error, companyId }, 'provisioning is pending');
    return false;
  });
}

/** One round of the loop: provisions every company whose latest revision its region has not confirmed. */
export async function provisionPending(deps: ProvisionDeps): Promise<void> {
  const { rows } = await deps.pool.query<{ id: string }>(
    'SELECT company_id AS id FROM companies WHERE revision > provisioned_revision ORDER BY company_id LIMIT 100',
  );
  for (const { id } of rows) await provisionSoon(deps, id);
}
