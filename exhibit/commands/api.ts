import { buildApp } from '../../server/src/api/build-app.ts';
import type { Config } from '../../server/src/config.ts';
import { openApiDeps } from '../../server/src/deps.ts';
import { reportArtifactStore } from '../../server/src/storage/report-artifact-store.ts';
import { requireDatabases } from './databases.ts';
import { drainConnections } from './drain-connections.ts';
import { waitForShutdownSignal } from './wait-for-shutdown-signal.ts';
import { warnAboutDemoKeys } from './warn-about-demo.ts';

/** `exhibit api`: serves until a shutdown signal, then reports that it is not ready and finishes open requests. */
export async function runApi(config: Config): Promise<void> {
  const { regions } = await requireDatabases(config);
  await using deps = openApiDeps(config, regions);
  await warnAboutDemoKeys(config, deps.regions);
  const stopping = new AbortController();
  const app = await buildApp({ ...deps, stopping: stopping.signal });
  const address = await app.listen({ host: config.api.host, port: config.api.port });
  deps.log.info({ address, regions: [...regions.keys()] }, 'api is listening');
  for (const { name, store } of deps.regions.values())
    void reportArtifactStore(deps.log, name, store);
  process.send?.({ ready: address });
  const reason = await waitForShutdownSignal();
  deps.log.info({ reason }, 'api is stopping');
  stopping.abort();
  await drainConnections(app.server, config.api.drainSeconds);
  await app.close();
}
