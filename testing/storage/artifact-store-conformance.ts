import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InvalidArtifactKeyError } from '../../server/src/storage/artifact-key.ts';
import {
  ArtifactMissingError,
  ArtifactStoreError,
  type ArtifactStore,
  type ListedArtifact,
} from '../../server/src/storage/artifact-store.ts';

/** An empty store and operations that depend on the kind of store. */
export interface StoreUnderTest {
  readonly store: ArtifactStore;
  /** A store of the same kind that is not writable. */
  readonly unwritable: ArtifactStore;
  /** Maximum number of bytes of a source in memory before any of it has been written. */
  readonly maxBufferedBytes: number;
  /** Creates the leftovers of a writer of `key` that was killed during the write. */
  readonly leavePartial: (key: string) => Promise<void>;
  /** Blocks writes of data until released. `reached` resolves when the first one is blocked. */
  readonly holdWrites: () => { reached: Promise<void>; release: () => void };
  readonly close: () => Promise<void>;
}

const MIB = 1024 * 1024;
const CHUNK_BYTES = 70_001;

/** Tests one implementation against the contract of ArtifactStore. */
export function describeArtifactStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as an artifact store`, () => {
    let under: StoreUnderTest;
    let store: ArtifactStore;
    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(() => under.close());
    const current = (): StoreUnderTest => under;

    describe('reading', () => describeReading(() => store));
    describe('writing', () => describeWriting(() => store));
    describe('a write that does not finish leaves nothing', () => describeFailures(() => store));
    describe('listing and deleting', () => describeDeleting(current));
    describe('keys', () => describeKeys(() => store));

    test('a stalled store stops reading the source', async () => {
      const held = current().holdWrites();
      let pulledBytes = 0;
      const count = 64 * MIB;
      async function* source(): AsyncGenerator<Uint8Array> {
        for (; pulledBytes < count; pulledBytes += 64 * 1024) yield Buffer.alloc(64 * 1024);
      }
      const writing = store.write('a/slow', source(), { signal: running() });
      await held.reached;
      // Enough turns of the event loop for a source without back-pressure to finish.
      for (let turn = 0; turn < 2000; turn++) await setImmediate();
      const ahead = pulledBytes;
      held.release();
      expect(await writing).toEqual({ bytes: count });
      expect(ahead).toBeLessThanOrEqual(current().maxBufferedBytes);
    });

    test('probe succeeds on a working store and leaves no objects', async () => {
      await Promise.all([store.probe(), store.probe()]);
      expect(await listed(store, '')).toEqual([]);
    });

    test('probe reports why a store is not writable', async () => {
      const error = await rejection(current().unwritable.probe());
      expect(error).toBeInstanceOf(ArtifactStoreError);
      expect(String(error)).toMatch(/Cannot .+: .+/);
    });
  });
}

function describeReading(store: () => ArtifactStore): void {
  test.each([
    ['nothing', 0],
    ['one byte', 1],
    ['exactly 1 MiB', MIB],
    ['8 MiB and a bit', 8 * MIB + 5],
  ])('an artifact of %s is read back unchanged', async (_, bytes) => {
    const content = contentOf(bytes, 1);
    expect(await put(store(), 'a/b.jsonl', content)).toEqual({ bytes });
    expect(await store().stat('a/b.jsonl')).toEqual({ bytes });
    expect(content.equals(await read(store(), 'a/b.jsonl'))).toBe(true);
  });

  const SIZE = 3 * MIB + 7;
  test.each([
    ['the first byte', 0, 1],
    ['the last byte', SIZE - 1, SIZE],
    ['the middle, across chunks', MIB - 3, 2 * MIB + 3],
    ['everything', 0, SIZE],
    ['no byte', 5, 5],
  ])('a range returns %s', async (_, start, end) => {
    const content = contentOf(SIZE, 2);
    await put(store(), 'r', content);
    const part = await buffer(await store().open('r', { start, end }));
    expect(content.subarray(start, end).equals(part)).toBe(true);
  });

  test.each([
    [0, 11],
    [-1, 5],
    [6, 5],
    [0.5, 5],
    [Number.NaN, 5],
  ])('reading the range [%d, %d) of 10 bytes is rejected', async (start, end) => {
    await put(store(), 'r', contentOf(10, 3));
    expect(await rejection(store().open('r', { start, end }))).toBeInstanceOf(RangeError);
  });

  test('chunks are at most 1 MiB', async () => {
    await put(store(), 'big', contentOf(SIZE, 4));
    const stream = await store().open('big');
    const sizes = await Array.fromAsync(stream, ({ length }: Uint8Array) => length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MIB);
  });

  test('reading a missing artifact or a folder throws ArtifactMissingError', async () => {
    await put(store(), 'a/b/c', contentOf(1, 5));
    for (const key of ['nothing', 'a', 'a/b', 'a/b/c/d', 'a/x/y']) {
      expect(await rejection(store().open(key)), key).toBeInstanceOf(ArtifactMissingError);
      expect(await store().stat(key), key).toBeUndefined();
    }
  });
}

function describeWriting(store: () => ArtifactStore): void {
  test('a reader never sees a partially written artifact', async () => {
    const content = contentOf(4 * MIB, 1);
    let looks = 0;
    async function* source(): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunksOf(content)) {
        yield chunk;
        if (looks++ % 16 > 0) continue;
        expect(await store().stat('a/b')).toBeUndefined();
        expect(await rejection(store().open('a/b'))).toBeInstanceOf(ArtifactMissingError);
        expect((await listed(store(), 'a')).filter(({ partial }) => !partial)).toEqual([]);
      }
    }
    await store().write('a/b', source(), { signal: running() });
    expect(looks).toBeGreaterThan(32);
    expect(await keysOf(store())).toEqual(['a/b']);
  });

  test('an overwrite shows the old or the new artifact and never a mixture', async () => {
    const [before, after] = [contentOf(3 * MIB, 1), contentOf(2 * MIB, 2)];
    await put(store(), 'k', before);
    const reader = await store().open('k');
    async function* source(): AsyncGenerator<Uint8Array> {
      yield* chunksOf(after);
      expect(before.equals(await read(store(), 'k'))).toBe(true);
    }
    await store().write('k', source(), { signal: running() });
    expect(after.equals(await read(store(), 'k'))).toBe(true);
    expect(before.equals(await buffer(reader)), 'a reader that was already open').toBe(true);
    expect(await keysOf(store())).toEqual(['k']);
  });

  test('two concurrent writers of a key leave one complete artifact', async () => {
    const contents = [contentOf(3 * MIB, 1), contentOf(3 * MIB, 2)];
    await Promise.all(
      contents.map((content) => store().write('k', slowChunksOf(content), { signal: running() })),
    );
    const result = await read(store(), 'k');
    expect(contents.filter((content) => content.equals(result))).toHaveLength(1);
    expect(await keysOf(store())).toEqual(['k']);
  });

  test('a source may reuse its buffer for the next chunk', async () => {
    const content = contentOf(3 * MIB, 1);
    const reused = Buffer.alloc(1000);
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < content.length; at += reused.length) {
        const length = content.copy(reused, 0, at);
        yield reused.subarray(0, length);
        reused.fill(0);
      }
    }
    await store().write('k', source(), { signal: running() });
    expect(content.equals(await read(store(), 'k'))).toBe(true);
  });
}

function describeFailures(store: () => ArtifactStore): void {
  test('a write rejects with the error of its source', async () => {
    const failure = new Error('the database went away');
    const writing = store().write(
      'a/b/c',
      interrupted(() => {
        throw failure;
      }),
      { signal: running() },
    );
    expect(await rejection(writing)).toBe(failure);
    expect(await listed(store(), '')).toEqual([]);
  });

  test('a write aborted between chunks rejects with the reason', async () => {
    const controller = new AbortController();
    const reason = new Error('canceled');
    const writing = store().write(
      'a/b/c',
      interrupted(() => controller.abort(reason)),
      { signal: controller.signal },
    );
    expect(await rejection(writing)).toBe(reason);
    expect(await listed(store(), '')).toEqual([]);
  });

  test('a write aborted while its source hangs rejects immediately with the reason', async () => {
    const controller = new AbortController();
    const reason = new Error('canceled');
    const hanging = Promise.withResolvers<void>();
    const writing = store().write(
      'a/b/c',
      interrupted(() => {
        controller.abort(reason);
        return hanging.promise;
      }),
      { signal: controller.signal },
    );
    expect(await rejection(writing)).toBe(reason);
    expect(await listed(store(), '')).toEqual([]);
    hanging.resolve();
  });

  test('a write aborted before it starts stores nothing', async () => {
    const reason = new Error('canceled');
    const writing = store().write('a', chunksOf(contentOf(5, 1)), {
      signal: AbortSignal.abort(reason),
    });
    expect(await rejection(writing)).toBe(reason);
    expect(await listed(store(), '')).toEqual([]);
  });

  test('a failed overwrite keeps the old artifact', async () => {
    const old = contentOf(10, 9);
    await put(store(), 'a/b', old);
    const failing = interrupted(() => {
      throw new Error('stop');
    });
    await rejection(store().write('a/b', failing, { signal: running() }));
    expect(old.equals(await read(store(), 'a/b'))).toBe(true);
    expect(await keysOf(store())).toEqual(['a/b']);
  });

  test('a failed write closes its source', async () => {
    const controller = new AbortController();
    let closed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (let pulled = 0; ; pulled++) {
          if (pulled === 100) controller.abort();
          yield Buffer.alloc(CHUNK_BYTES);
        }
      } finally {
        closed = true;
      }
    }
    await rejection(store().write('a', endless(), { signal: controller.signal }));
    expect(closed).toBe(true);
  });
}

function describeDeleting(under: () => StoreUnderTest): void {
  const small = contentOf(5, 1);

  test('deleting an artifact twice succeeds', async () => {
    const { store } = under();
    await put(store, 'a/b', small);
    await store.delete('a/b');
    expect(await store.stat('a/b')).toBeUndefined();
    await store.delete('a/b');
    await store.delete('never/was');
    expect(await listed(store, '')).toEqual([]);
  });

  test('deleting a key keeps artifacts below it and next to it', async () => {
    const { store } = under();
    await put(store, 'a/b/c', small);
    await put(store, 'a/b/d', small);
    await store.delete('a/b');
    await store.delete('a/b/d');
    expect(await keysOf(store)).toEqual(['a/b/c']);
  });

  test('an artifact that is deleted while being read can be read to its end', async () => {
    const { store } = under();
    const content = contentOf(3 * MIB, 1);
    await put(store, 'a/b', content);
    const reader = await store.open('a/b');
    await store.delete('a/b');
    expect(content.equals(await buffer(reader))).toBe(true);
  });

  test('a prefix is a folder, so siblings are not listed or deleted', async () => {
    const { store, leavePartial } = under();
    for (const key of ['a/b/1', 'a/b/c/2', 'a/bc/3', 'a/b.x', 'b/4']) await put(store, key, small);
    await leavePartial('a/b/c/dead');
    await leavePartial('a/bc/dead');
    expect((await listed(store, 'a/b')).map(({ key }) => key).sort()).toEqual([
      'a/b/1',
      'a/b/c/2',
      'a/b/c/dead',
    ]);
    expect(await store.deletePrefix('a/b/')).toBe(3);
    expect(await store.deletePrefix('a/b')).toBe(0);
    expect(await keysOf(store)).toEqual(['a/b.x', 'a/bc/3', 'a/bc/dead', 'b/4']);
    expect(await store.deletePrefix('a/bc')).toBe(2);
  });

  test('leftovers of a crashed writer are listed as partial and cannot be read', async () => {
    const { store, leavePartial } = under();
    const before = Date.now();
    await leavePartial('a/b');
    expect(await store.stat('a/b')).toBeUndefined();
    const [entry, ...others] = await listed(store, 'a');
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ key: 'a/b', partial: true });
    // File systems have coarse timestamps. Only check that the time is current and not the epoch.
    expect(entry?.modifiedAt.getTime()).toBeGreaterThan(before - 5000);
    await put(store, 'a/b', small);
    const entries = await listed(store, 'a');
    expect(entries.map(({ key }) => key)).toEqual(['a/b', 'a/b']);
    expect(entries.filter(({ partial }) => partial)).toHaveLength(1);
  });

  test('leftovers of crashed writers can be deleted without the finished artifact', async () => {
    const { store, leavePartial } = under();
    await put(store, 'a/b', small);
    for (const key of ['a/b', 'a/b', 'a/bc', 'c/d']) await leavePartial(key);
    expect(await store.deletePartials('a/b')).toBe(2);
    expect(await store.deletePartials('c/d')).toBe(1);
    expect(await store.deletePartials('c/d')).toBe(0);
    expect(await store.deletePartials('nothing/was')).toBe(0);
    expect(small.equals(await read(store, 'a/b'))).toBe(true);
    const left = (await listed(store, '')).map(({ key, partial }) => `${key} ${partial}`);
    expect(left.sort()).toEqual(['a/b false', 'a/bc true']);
  });

  test('listing artifacts returns keys, sizes and times', async () => {
    const { store } = under();
    await put(store, 'x/y/z', contentOf(77, 1));
    expect(await listed(store, 'x')).toEqual([
      { key: 'x/y/z', bytes: 77, modifiedAt: expect.any(Date), partial: false },
    ]);
    expect(await listed(store, 'nothing')).toEqual([]);
  });

  test('a write whose folder is deleted meanwhile fails and leaves nothing', async () => {
    const { store } = under();
    async function* source(): AsyncGenerator<Uint8Array> {
      yield* chunksOf(contentOf(3 * MIB, 1));
      await store.deletePrefix('a/b');
    }
    const error = await rejection(store.write('a/b/c', source(), { signal: running() }));
    expect(error).toBeInstanceOf(ArtifactStoreError);
    expect(await listed(store, '')).toEqual([]);
  });

  test('concurrent writes and deletions in neighbouring folders do not affect each other', async () => {
    const { store } = under();
    const rounds = Array.from({ length: 8 }, async (_, writer) => {
      for (let round = 0; round < 25; round++) {
        await put(store, `job/${round}/${writer}`, small);
        await store.delete(`job/${round}/${writer}`);
      }
    });
    await Promise.all(rounds);
    expect(await listed(store, '')).toEqual([]);
  });
}

function describeKeys(store: () => ArtifactStore): void {
  const tooLong = 'x'.repeat(201);
  const bad = ['', '.', '..', '../a', 'a/../b', 'a/..', '/a', 'a/', 'a//b', './a', 'a\\b', 'A'];
  const odd = ['a b', 'a\n', 'a\u0000', '.a', 'a/.b', '-a', '_a', 'ä', 'a:b', 'a%2f', '~', tooLong];
  test.each([...bad, ...odd])('every method rejects the key %j', async (key) => {
    const signal = running();
    const calls: (() => Promise<unknown>)[] = [
      () => store().write(key, chunksOf(contentOf(1, 1)), { signal }),
      () => store().open(key),
      () => store().stat(key),
      () => store().delete(key),
      () => store().deletePartials(key),
    ];
    // A folder may end with a slash, and '' is the whole store.
    if (key !== 'a/') calls.push(() => store().deletePrefix(key));
    if (key !== 'a/' && key !== '') calls.push(() => listed(store(), key));
    for (const call of calls) {
      expect(await rejection(call()), String(call)).toBeInstanceOf(InvalidArtifactKeyError);
    }
    expect(await listed(store(), '')).toEqual([]);
  });

  test.each(['a', '0', 'a.b', 'a..b', 'a-_./b', 'us/exports/01890a5d-ac96-774b/1.jsonl.zst'])(
    'every method accepts the key %s',
    async (key) => {
      await put(store(), key, contentOf(3, 1));
      expect(await keysOf(store())).toEqual([key]);
    },
  );
}

/** Bytes that depend on the seed and do not repeat with the block size. */
function contentOf(bytes: number, seed: number): Buffer {
  const content = Buffer.allocUnsafe(bytes);
  let state = seed;
  for (let i = 0; i < bytes; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    content[i] = state >>> 24;
  }
  return content;
}

async function* chunksOf(content: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += CHUNK_BYTES) {
    yield content.subarray(at, at + CHUNK_BYTES);
  }
}

/** Yields to other writers between any two chunks. */
async function* slowChunksOf(content: Buffer): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunksOf(content)) {
    await setImmediate();
    yield chunk;
  }
}

/** Yields 3 MiB, runs `happens`, and yields one more chunk. */
async function* interrupted(happens: () => Promise<void> | void): AsyncGenerator<Uint8Array> {
  yield* chunksOf(contentOf(3 * MIB, 1));
  await happens();
  yield* chunksOf(contentOf(MIB, 2));
}

function running(): AbortSignal {
  return new AbortController().signal;
}

async function put(store: ArtifactStore, key: string, content: Buffer) {
  return store.write(key, chunksOf(content), { signal: running() });
}

async function read(store: ArtifactStore, key: string): Promise<Buffer> {
  return buffer(await store.open(key));
}

async function listed(store: ArtifactStore, prefix: string): Promise<ListedArtifact[]> {
  return Array.fromAsync(store.list(prefix));
}

async function keysOf(store: ArtifactStore): Promise<string[]> {
  return (await listed(store, '')).map(({ key }) => key).sort();
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: unknown) => error,
  );
}
