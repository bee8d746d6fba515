import { findDemoLogIns } from '@exhibit/dashboard/demo/log-ins';
import type { ApiRegion } from '../../server/src/api/api-deps.ts';
import type { Config } from '../../server/src/config.ts';
import { countKeysOfDemo, DEMO } from '../demo/demo-state.ts';
import { printError } from './print.ts';

const REMEDY =
  'If this is production, run "exhibit demo disable" now. If it is a demo, set EXHIBIT_DEMO=1 to silence this warning.';

/** Warns when accounts with public passwords can sign in to a dashboard that does not run as the demo. */
export async function warnAboutDemoLogIns(config: Config, databaseUrl: string): Promise<void> {
  if (config.demo.enabled) return;
  // A database that does not answer yet, or lacks its tables, does not keep the dashboard from starting.
  const state = await findDemoLogIns(databaseUrl, DEMO).catch(() => undefined);
  if (state === undefined || state.emails.length === 0) return;
  printError(
    `WARNING: demo accounts with public passwords can sign in here: ${state.emails.join(', ')}. ${REMEDY}`,
  );
}

/** Warns when API keys of the demo's companies work in an api that does not run as the demo. */
export async function warnAboutDemoKeys(
  config: Config,
  regions: ReadonlyMap<string, Pick<ApiRegion, 'pool'>>,
): Promise<void> {
  if (config.demo.enabled) return;
  for (const [region, { pool }] of regions) {
    const keys = await countKeysOfDemo(pool).catch(() => 0);
    if (keys > 0) printError(`WARNING: ${keys} demo API keys work in region ${region}. ${REMEDY}`);
  }
}
