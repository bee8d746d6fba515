import { buildApp } from '../api/build-app.ts';
import type { Config } from '../config.ts';
import { openApiDeps } from '../deps.ts';
import { requireDatabases } from './databases.ts';
import { untilStopped } from './until-stopped.ts';

/** `exhibit api`: serves until it is asked to stop, then finishes the requests it has. */
export async function runApi(config: Config): Promise<void> {
  const { regions } = await requireDatabases(config);
  await using deps = openApiDeps(config, regions);
  const app = await buildApp(deps);
  const address = await app.listen({ host: config.api.host, port: config.api.port });
  deps.log.info({ address, regions: [...regions.keys()] }, 'api is listening');
  process.send?.({ ready: address });
  const reason = await untilStopped();
  deps.log.info({ reason }, 'api is stopping');
  await app.close();
}
