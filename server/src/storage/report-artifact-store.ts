import type { Logger } from 'pino';
import type { ArtifactStore } from './artifact-store.ts';
import { healthOf } from './store-health.ts';

/** Probes a region's store when a process starts and logs problems for the operator. Never rejects. */
export async function reportArtifactStore(
  log: Logger,
  region: string,
  store: ArtifactStore,
): Promise<void> {
  try {
    const { versioning, objectLock, notes } = await healthOf(store).check();
    log.info({ region, versioning, objectLock }, 'artifact store is usable');
    for (const note of notes) log.warn({ region, versioning, objectLock }, note);
  } catch (error) {
    log.error(
      { region, err: error },
      'artifact store is unusable: exports and downloads of this region will fail',
    );
  }
}
