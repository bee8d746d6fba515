import { startDashboard } from '@exhibit/dashboard';
import type { Config } from '../config.ts';
import { untilStopped } from './until-stopped.ts';

/** `exhibit dashboard` */
export async function runDashboard(config: Config): Promise<void> {
  const { host, port } = config.dashboard;
  const dashboard = await startDashboard({ host, port, apiUrl: apiUrl(config) });
  process.send?.({ ready: dashboard.url });
  await untilStopped();
  await dashboard.stop();
}

function apiUrl({ api }: Config): string {
  const host = api.host === '0.0.0.0' || api.host === '::' ? '127.0.0.1' : api.host;
  return `http://${host}:${api.port}`;
}
