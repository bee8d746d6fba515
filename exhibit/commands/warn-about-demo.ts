import { findDemoLogIns } from '@exhibit/dashboard/demo/log-ins';
import type { ApiRegion } from '../../server/src/api/api-deps.ts';
import type { Config } from '../../server/src/config.ts';
import { countKeysOfDemo, DEMO } from '../demo/demo-state.ts';
import { printError } from './print.ts';

const REMEDY =
  'If this is production, run "exhibit demo disable" now. If it is a demo, set EXHIBIT_DEMO=1 to silence this warning.';

/** Warns if demo accounts, whose passwords are public, can sign in although EXHIBIT_DEMO is off. */
export async function warnAboutDemoLogIns(config: Config, databaseUrl: string): Promise<void> {
  if (config.demo.enabled) return;
  // The dashboard must start even if its database is not reachable or not migrated yet.
  const state = await findDemoLogIns(databaseUrl, DEMO).catch(() => undefined);
  if (state === undefined || state.emails.length === 0) return;
  printError(
    `WARNING: demo accounts with public passwords can sign in here: ${state.emails.join(', ')}. ${REMEDY}`,
  );
}

/** Warns if API keys of the demo companies are active although EXHIBIT_DEMO is off. */
export async function warnAboutDemoKeys(
  config: Config,
  regions: ReadonlyMap<string, Pick<ApiRegion, 'pool'>>,
): Promise<void> {
  if (config.demo.enabled) return;
  for (const [region, { pool }] of regions) {
    const keys = await countKeysOfDemo(pool).catch(() => 0);
    if (keys > 0)
      printError(`WARNING: ${keys} demo API keys are active in region ${region}. ${REMEDY}`);
  }
}
