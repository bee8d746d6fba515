import type { Config } from '../../server/src/config.ts';
import { openPool } from '../../server/src/regions/connect.ts';
import { inCompany } from '../../server/src/regions/transaction.ts';
import { isUuid } from '../../server/src/tenancy/is-uuid.ts';
import { auditOperator } from '../../server/src/tenancy/sql/audit-operator.ts';
import { setFutureTimestamps } from '../../server/src/tenancy/sql/set-future-timestamps.ts';
import { withDatabases } from './databases.ts';
import { print } from './print.ts';

interface SetOptions {
  readonly company: string;
  readonly futureTimestamps: 'allow' | 'refuse';
  readonly json?: boolean;
}

/** `exhibit companies set` */
export async function setCompany(config: Config, options: SetOptions): Promise<void> {
  const companyId = options.company.toLowerCase();
  if (!isUuid(companyId)) throw new Error('--company must be a company ID (a UUID).');
  const allowed = options.futureTimestamps === 'allow';
  await withDatabases(config, async ({ regions }) => {
    for (const [region, url] of regions) {
      if (!(await changeInRegion(url, companyId, allowed))) continue;
      print(
        options.json === true
          ? JSON.stringify({ id: companyId, region, futureTimestamps: options.futureTimestamps })
          : `company ${companyId}: timestamps more than 24 hours ahead are ${allowed ? 'accepted' : 'refused'}`,
      );
      return;
    }
    throw new Error(`Company ${companyId} not found.`);
  });
}

/** Uses the owner role, because no long-running process may change a company's settings. */
async function changeInRegion(url: string, companyId: string, allowed: boolean): Promise<boolean> {
  const pool = openPool(url, { role: 'owner', max: 1, name: 'companies' });
  try {
    return await inCompany(pool, companyId, async (client) => {
      if (!(await setFutureTimestamps(client, companyId, allowed))) return false;
      const details = { futureTimestamps: allowed ? 'allow' : 'refuse' };
      await auditOperator(client, { companyId, action: 'COMPANY_SETTINGS_CHANGED', details });
      return true;
    });
  } finally {
    await pool.end();
  }
}
