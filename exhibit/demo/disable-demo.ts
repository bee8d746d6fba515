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
 * Permanently disables the demo accounts, whose passwords are public, and all API keys of the demo companies. Events,
 * exports and evidence are kept. After an interruption, run it again.
 */
export async function disableDemo(databases: {
  readonly regions: ReadonlyMap<string, string>;
  readonly dashboard: string;
}): Promise<DisabledDemo> {
  // Disable log-ins first, so that no key can be created with a public password afterwards.
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
