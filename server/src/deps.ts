import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Logger, pino } from 'pino';
import type { ApiDeps, ApiRegion } from './api/api-deps.ts';
import { BODY_LIMITS } from '../../http-edge/http-limits.ts';
import type { Config } from './config.ts';
import { EventIntake } from './events/ingest/event-intake.ts';
import type { ExportDeps } from './exports/export-deps.ts';
import { ReadSemaphore } from './exports/read/read-semaphore.ts';
import { openPool } from './regions/connect.ts';
import { embeddedDataDirectory } from './regions/embedded/embedded-data-directory.ts';
import { openQueue } from './regions/queue.ts';
import type { ArtifactStore } from './storage/artifact-store.ts';
import { DiskGuard } from './storage/disk-guard.ts';
import { openArtifactStore } from './storage/open-artifact-store.ts';
import { openTokenKeys } from './tenancy/token-keys.ts';

type RegionUrls = ReadonlyMap<string, string>;

function createLogger(config: Config, process: string): Logger {
  return pino({
    level: config.logLevel,
    base: { process },
    redact: ['req.headers.authorization', 'req.headers.cookie'],
  });
}

/** The dependencies of the api. Connections are opened lazily, so that one unavailable region does not affect others. */
export function openApiDeps(config: Config, urls: RegionUrls): ApiDeps & AsyncDisposable {
  const log = createLogger(config, 'api');
  const regions = new Map<string, ApiRegion>();
  for (const [name, url] of urls) {
    const pool = openPool(url, { role: 'api', max: config.api.writeConnections, pipeline: true });
    regions.set(name, {
      name,
      pool,
      reads: openPool(url, { role: 'api', max: config.api.readConnections }),
      queue: openQueue(url, 'api'),
      store: storeOf(config, name),
      intake: new EventIntake(pool, config.quotas.newPartitionsPerDay),
    });
  }
  for (const { queue } of regions.values())
    queue.on('error', (error) => log.warn({ err: error }, 'queue error'));
  return {
    regions,
    log,
    tokenKeys: openTokenKeys(config.dashboardTokenKeys),
    settings: {
      exportMaxRows: config.exports.maxRows,
      downloadsPerCaller: config.api.downloadsPerCaller,
      downloadsPerCompany: config.api.downloadsPerCompany,
      bodyBudgetBytes: config.api.bodyBudgetBytes,
      bodyLimits: { ...BODY_LIMITS, ...config.bodies },
      readsPerCompany: config.api.readsPerCompany,
      writesPerCompany: config.api.writesPerCompany,
      exportMaxRunning: config.exports.maxRunningPerCompany,
      quotas: config.quotas,
      rateLimits: config.rateLimits,
      trustedProxies: config.api.trustedProxies,
    },
    [Symbol.asyncDispose]: async () => {
      for (const { pool, reads, queue } of regions.values()) {
        await queue.stop({ graceful: false });
        await Promise.all([pool.end(), reads.end()]);
      }
    },
  };
}

/** The dependencies of a worker, one set per region. */
export function openWorkerDeps(config: Config, urls: RegionUrls): ExportDeps[] {
  const log = createLogger(config, 'worker');
  const { sliceRows, artifactTtlDays, concurrency, maxRunningPerCompany, retrySeconds } =
    config.exports;
  const maxArtifactBytes = config.quotas.artifactBytes;
  return [...urls].map(([region, url]) => ({
    region,
    pool: openPool(url, { role: 'worker', max: 4 + 2 * concurrency }),
    places: new ReadSemaphore(),
    store: storeOf(config, region),
    queue: openQueue(url, 'worker'),
    log: log.child({ region }),
    disk: new DiskGuard(directoriesOf(config, region), config.exports.minFreeDiskBytes),
    settings: {
      sliceRows,
      artifactTtlDays,
      concurrency,
      maxRunningPerCompany,
      maxArtifactBytes,
      retrySeconds,
    },
  }));
}

/** The artifact store of a region; by default a directory in EXHIBIT_HOME. */
export function storeOf(config: Config, region: string): ArtifactStore {
  return openArtifactStore(storeUrlOf(config, region));
}

function storeUrlOf(config: Config, region: string): string {
  return (
    config.artifactStores.get(region) ?? pathToFileURL(join(config.home, 'artifacts', region)).href
  );
}

/** Directories on this machine whose disks exports of a region can fill. */
function directoriesOf(config: Config, region: string): string[] {
  const store = storeUrlOf(config, region);
  const embedded = embeddedDataDirectory(config.home);
  return [
    ...(store.startsWith('file:') ? [fileURLToPath(store)] : []),
    ...(embedded === undefined ? [] : [embedded]),
  ];
}
