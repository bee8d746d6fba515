import { disableDemoLogIns } from '@exhibit/dashboard/demo/log-ins';
import { openPool } from '../../server/src/regions/connect.ts';
import { inCompany } from '../../server/src/regions/transaction.ts';
import { DEMO } from './demo-state.ts';
import { revokeCompanyKeys } from './sql/revoke-company-keys.ts';

interface DisabledDemo {
  readonly accounts: readonly string[];
  readonly keys: number;
}

/**
 * Makes the demo's public passwords and all API keys of its companies useless, for good. Its events, exports and
 * evidence stay. Run again, it finishes what an interrupted run left.
 */
export async function disableDemo(databases: {
  readonly regions: ReadonlyMap<string, string>;
  readonly dashboard: string;
}): Promise<DisabledDemo> {
  // Log-ins first: afterwards no key can be created with a public password.
  const accounts = await disableDemoLogIns(databases.dashboard, DEMO);
  let keys = 0;
  for (const url of databases.regions.values()) {
    const owner = openPool(url, { role: 'owner', max: 1, name: 'demo' });
    try {
      for (const id of DEMO.companyIds)
        keys += await inCompany(owner, id, (client) => revokeCompanyKeys(client, id));
    } finally {
      await owner.end();
    }
  }
  return { accounts, keys };
}
