import { randomBytes, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { ArtifactStoreError, type ArtifactStore, type StoreFindings } from './artifact-store.ts';

const PROBE_TIMEOUT_MS = 10_000;

/** ArtifactStore.probe for a store without permissions of its own, in terms of the other methods. */
export async function probeArtifactStore(
  store: Omit<ArtifactStore, 'probe'>,
): Promise<StoreFindings> {
  // A folder of its own, so that probes at the same time do not remove it under each other.
  const folder = `exhibit-probe-${randomUUID()}`;
  try {
    await writeAndReadBack(store, `${folder}/probe`);
  } catch (error) {
    // The first failure is the one to show; what cannot be written can often not be deleted either.
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
    throw new ArtifactStoreError('failed', 'The artifact store gave back other bytes than written');
  }
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
