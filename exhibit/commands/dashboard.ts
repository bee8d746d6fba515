import { startDashboard } from '@exhibit/dashboard';
import { buildWebApp } from '@exhibit/dashboard/web-app';
import { type Config, DEFAULT_REGIONS } from '../../server/src/config.ts';
import { localUrl } from './addresses.ts';
import { ensureDashboardKeys } from './dashboard-keys.ts';
import { requireDashboardDatabase } from './databases.ts';
import { drainConnections } from './drain-connections.ts';
import { waitForShutdownSignal } from './wait-for-shutdown-signal.ts';
import { warnAboutDemoLogIns } from './warn-about-demo.ts';

/** `exhibit dashboard`: serves until a shutdown signal, then reports that it is not ready and finishes open requests. */
export async function runDashboard(config: Config): Promise<void> {
  const { host, port, apiUrl, publicApiUrl, publicUrl, confirmRows, trustedProxies } =
    config.dashboard;
  const { bodyBudgetBytes } = config.dashboard;
  const regions = [...config.regionDatabaseUrls.keys()];
  const databaseUrl = await requireDashboardDatabase(config);
  await warnAboutDemoLogIns(config, databaseUrl);
  const dashboard = await startDashboard({
    host,
    port,
    apiUrl: apiUrl ?? localUrl(config.api.host, config.api.port),
    publicApiUrl,
    databaseUrl,
    tokenKeys: config.dashboardTokenKeys ?? (await ensureDashboardKeys(config.home)),
    publicUrl,
    regions: regions.length > 0 ? regions : DEFAULT_REGIONS,
    maxDownloadBytes: config.maxDownloadBytes,
    confirmRows,
    trustProxy: trustedProxies,
    quotas: config.quotas,
    rateLimits: config.rateLimits,
    bodyBudgetBytes,
    bodySpeed: config.bodies,
    webApp: await buildWebApp(),
    logLevel: config.logLevel,
  });
  process.send?.({ ready: dashboard.url });
  await waitForShutdownSignal();
  dashboard.announceStop();
  await drainConnections(dashboard.server, config.dashboard.drainSeconds);
  await dashboard.stop();
}
