import type { ArtifactStore } from '../../server/src/storage/artifact-store.ts';

export interface GatedStore {
  readonly store: ArtifactStore;
  /** Resolves when a write has received its first chunk and is blocked. */
  readonly reached: Promise<void>;
  /** Unblocks writes. */
  open(): void;
}

/** A store whose writes block after their first chunk, so that a test can pause a running export. */
export function gateStore(store: ArtifactStore): GatedStore {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  return {
    reached: reached.promise,
    open: () => gate.resolve(),
    store: {
      write: (key, source, options) => store.write(key, heldAfterFirst(source), options),
      open: (key, range) => store.open(key, range),
      stat: (key) => store.stat(key),
      takeLeftover: (key) => store.takeLeftover?.(key),
      delete: (key, options) => store.delete(key, options),
      deletePartials: (key) => store.deletePartials(key),
      deletePrefix: (prefix, options) => store.deletePrefix(prefix, options),
      list: (prefix) => store.list(prefix),
      probe: () => store.probe(),
    },
  };

  async function* heldAfterFirst(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let first = true;
    for await (const chunk of source) {
      yield chunk;
      if (first) {
        first = false;
        reached.resolve();
        await gate.promise;
      }
    }
  }
}
