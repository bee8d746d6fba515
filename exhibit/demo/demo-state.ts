import { type DemoLogIns, findDemoLogIns } from '@exhibit/dashboard/demo/log-ins';
import { openPool } from '../../server/src/regions/connect.ts';
import { inCompany } from '../../server/src/regions/transaction.ts';
import { DEMO_ACCOUNTS } from './demo-accounts.ts';
import { DEMO_COMPANIES } from './demo-companies.ts';
import { countDemoKeys } from './sql/count-demo-keys.ts';
import { hasOtherCompanies } from './sql/has-other-companies.ts';

/** The fixed ids and email addresses of the demo, by which it is recognised in an installation. */
export const DEMO = {
  companyIds: DEMO_COMPANIES.map(({ id }) => id),
  emails: DEMO_ACCOUNTS.map(({ email }) => email),
};

export interface DemoState extends DemoLogIns {
  /** Number of active API keys that the demo created. */
  readonly keys: number;
}

/** Reads the state of the demo from all databases of an installation. They must be migrated. */
export async function readDemoState(databases: {
  readonly regions: ReadonlyMap<string, string>;
  readonly dashboard: string;
}): Promise<DemoState> {
  const logIns = await findDemoLogIns(databases.dashboard, DEMO);
  let keys = 0;
  let { hasOthers } = logIns;
  for (const url of databases.regions.values()) {
    const owner = openPool(url, { role: 'owner', max: 1, name: 'demo' });
    try {
      hasOthers ||= await hasOtherCompanies(owner, DEMO.companyIds);
      keys += await countKeysOfDemo(owner);
    } finally {
      await owner.end();
    }
  }
  return { ...logIns, hasOthers, keys };
}

/** Counts the active API keys that the demo created in one region. */
export async function countKeysOfDemo(pool: Parameters<typeof inCompany>[0]): Promise<number> {
  let keys = 0;
  for (const companyId of DEMO.companyIds)
    keys += await inCompany(pool, companyId, (client) => countDemoKeys(client, companyId));
  return keys;
}

/**
 * Prevents a start that would mix demo and real data. Without EXHIBIT_DEMO, it throws if log-ins of the demo, whose
 * passwords are public, or its API keys are active. With EXHIBIT_DEMO, it throws if the installation has other companies
 * or its demo was disabled.
 */
export function requireNoMix(state: DemoState, home: string, demoEnabled: boolean): void {
  const { hasDemo, hasOthers, emails, keys } = state;
  const canSignIn = emails.length > 0;
  if (!demoEnabled && (canSignIn || keys > 0)) {
    throw new Error(
      `${home} contains the demo: ${emails.length} accounts with public passwords${listOf(emails)} and ${keys} API keys are active. ` +
        'To go live with this installation, run "exhibit demo disable" first: it permanently disables these accounts and revokes the keys of the demo companies. ' +
        'To start with an empty installation, set EXHIBIT_HOME to another directory. To run the demo, set EXHIBIT_DEMO=1.',
    );
  }
  if (demoEnabled && hasDemo && !canSignIn) {
    throw new Error(
      `The demo of ${home} was disabled with "exhibit demo disable". Unset EXHIBIT_DEMO, or set EXHIBIT_HOME to another directory for a new demo.`,
    );
  }
  if (demoEnabled && hasOthers && !hasDemo) {
    throw new Error(
      `${home} is used by companies other than the demo, so demo data and accounts with public passwords are not added. ` +
        'Unset EXHIBIT_DEMO ("npm start" sets it; run "npx exhibit up" instead), or set EXHIBIT_HOME to another directory for the demo.',
    );
  }
}

function listOf(emails: readonly string[]): string {
  return emails.length === 0 ? '' : ` (${emails.join(', ')})`;
}
