import { randomBytes, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { ArtifactStoreError, type ArtifactStore, type StoreFindings } from './artifact-store.ts';

const PROBE_TIMEOUT_MS = 10_000;

/** Implements ArtifactStore.probe with the other methods, for stores without a permission model of their own. */
export async function probeArtifactStore(
  store: Omit<ArtifactStore, 'probe'>,
): Promise<StoreFindings> {
  // Use a unique folder, so that concurrent probes do not remove each other's.
  const folder = `exhibit-probe-${randomUUID()}`;
  try {
    await writeAndReadBack(store, `${folder}/probe`);
  } catch (error) {
    // Report the first failure. If writing fails, deleting often fails too.
    await store.deletePrefix(folder).catch(() => 0);
    throw error;
  }
  await store.deletePrefix(folder);
  return { versioning: 'off', objectLock: 'off', notes: [] };
}

async function writeAndReadBack(store: Omit<ArtifactStore, 'probe'>, key: string): Promise<void> {
  const written = randomBytes(64);
  const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  await store.write(key, chunksOf(written), { signal });
  const read = await buffer(await store.open(key));
  if (!read.equals(written)) {
    throw new ArtifactStoreError(
      'failed',
      'The artifact store returned different bytes than were written',
    );
  }
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
