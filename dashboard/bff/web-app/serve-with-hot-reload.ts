import { resolve } from 'node:path';
import { createServer } from 'vite';

const APP = resolve(import.meta.dirname, '../../app');

export interface HotReloadServer {
  /** The web app's address; its requests to /api go to the dashboard. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the web app from its sources with hot reload, for development only. */
export async function serveWithHotReload(
  dashboardUrl: string,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<HotReloadServer> {
  // vite.config.ts reads the address of the dashboard from the environment.
  process.env['DASHBOARD_URL'] = dashboardUrl;
  const server = await createServer({
    configFile: resolve(APP, 'vite.config.ts'),
    server: { host, port },
  });
  await server.listen();
  const url = server.resolvedUrls?.local[0] ?? server.resolvedUrls?.network[0];
  if (url === undefined) throw new Error('The development server of the web app has no address.');
  return { url, close: () => server.close() };
}
