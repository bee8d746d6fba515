import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../server/src/config.ts';
import { disableDemo as disable } from '../demo/disable-demo.ts';
import { withDatabases } from './databases.ts';
import { print } from './print.ts';

/** `exhibit demo disable` */
export async function disableDemo(config: Config, options: { json?: boolean }): Promise<void> {
  const disabled = await withDatabases(config, ({ regions, dashboard }) => {
    if (dashboard === undefined)
      throw new Error('No dashboard database: set DASHBOARD_DATABASE_URL.');
    return disable({ regions, dashboard });
  });
  // demo.json lists keys and log-ins that no longer work.
  await rm(join(config.home, 'demo.json'), { force: true });
  if (options.json === true) {
    print(JSON.stringify(disabled));
    return;
  }
  const { accounts, keys } = disabled;
  if (accounts.length === 0 && keys === 0) {
    print('No demo accounts or demo keys found.');
    return;
  }
  for (const email of accounts) print(`disabled  ${email}`);
  print(
    `Disabled ${accounts.length} demo accounts, ended all sessions and open invitations of the demo companies, and revoked ${keys} API keys. Events, exports and evidence are unchanged.`,
  );
}
