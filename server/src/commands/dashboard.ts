import { startDashboard } from '@exhibit/dashboard';
import type { Config } from '../config.ts';
import { localUrl } from './addresses.ts';
import { untilStopped } from './until-stopped.ts';

/** `exhibit dashboard` */
export async function runDashboard(config: Config): Promise<void> {
  const { host, port } = config.dashboard;
  const dashboard = await startDashboard({
    host,
    port,
    apiUrl: localUrl(config.api.host, config.api.port),
  });
  process.send?.({ ready: dashboard.url });
  await untilStopped();
  await dashboard.stop();
}
