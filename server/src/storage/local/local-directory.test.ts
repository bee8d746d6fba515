import { spawnSync } from 'node:child_process';
import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  readlink,
  rm,
  stat,
  truncate,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { describeArtifactStore } from '../../../../testing/storage/artifact-store-conformance.ts';
import { LocalDirectory } from './local-directory.ts';
import { partialName } from './write-file-atomically.ts';

const signal = new AbortController().signal;
const bytesOf = (text: string) => Readable.from([Buffer.from(text)]);

async function temporaryDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'exhibit-store-'));
  return { path, remove: () => rm(path, { recursive: true }) };
}

const fileHandle = await open('/dev/null');
const fileHandles: FileHandle = Object.getPrototypeOf(fileHandle);
await fileHandle.close();

/** Runs `before` ahead of every call of a FileHandle method, until the end of the test. */
function ahead(
  method: 'write' | 'sync' | 'datasync',
  before: (file: FileHandle) => Promise<void> | void,
): void {
  const original: unknown = Reflect.get(fileHandles, method);
  if (typeof original !== 'function') throw new TypeError(`FileHandle has no ${method}`);
  Reflect.set(fileHandles, method, async function (this: FileHandle, ...values: unknown[]) {
    await before(this);
    return Reflect.apply(original, this, values) as unknown;
  });
  onTestFinished(() => void Reflect.set(fileHandles, method, original));
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describeArtifactStore('a local directory', async () => {
  const directory = await temporaryDirectory();
  const root = join(directory.path, 'artifacts');
  // Not even root can write below a regular file.
  await writeFile(join(directory.path, 'file'), '');
  return {
    store: new LocalDirectory(root),
    unwritable: new LocalDirectory(join(directory.path, 'file', 'artifacts')),
    // Two blocks, one in flight and one full, and the current chunk.
    maxBufferedBytes: 2 * 1024 * 1024 + 64 * 1024,
    async leavePartial(key) {
      const folder = dirname(join(root, key));
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, partialName(key.slice(key.lastIndexOf('/') + 1))), 'half');
    },
    holdWrites() {
      const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      ahead('write', () => {
        reached.resolve();
        return released.promise;
      });
      return { reached: reached.promise, release: released.resolve };
    },
    close: directory.remove,
  };
});

describe('a local directory', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let root: string;
  let store: LocalDirectory;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    root = join(directory.path, 'artifacts');
    store = new LocalDirectory(root);
  });
  afterEach(() => directory.remove());

  test('only the user of the process can read files and folders of the store', async () => {
    await store.write('a/b', bytesOf('x'), { signal });
    const modes = await Promise.all([root, join(root, 'a'), join(root, 'a/b')].map(modeOf));
    expect(modes).toEqual([0o700, 0o700, 0o600]);
  });

  test('a deletion, a failure and a probe leave no empty folders', async () => {
    const failing = Readable.from(
      (async function* () {
        yield Buffer.from('x');
        throw new Error('stop');
      })(),
    );
    await expect(store.write('c/d/e', failing, { signal })).rejects.toThrow('stop');
    await store.write('a/b/c', bytesOf('x'), { signal });
    await store.delete('a/b/c');
    await store.write('a/b/c', bytesOf('x'), { signal });
    await store.deletePrefix('a');
    await store.probe();
    expect(await readdir(root)).toEqual([]);
  });

  test('combines small chunks into writes of 1 MiB', async () => {
    let writes = 0;
    ahead('write', () => void writes++);
    const chunks = Array.from({ length: 30_000 }, () => Buffer.alloc(100));
    await store.write('a', Readable.from(chunks), { signal });
    expect(writes).toBe(3);
  });

  test('a failed write-back fails the write even if the final sync succeeds', async () => {
    // The kernel reports a write-back failure only once, here while later blocks are still being written.
    ahead('datasync', () => {
      throw Object.assign(new Error('the disk failed'), { code: 'EIO' });
    });
    const megabyte = Buffer.alloc(1024 * 1024);
    const chunks = Readable.from(Array.from({ length: 70 }, () => megabyte));
    await expect(store.write('a', chunks, { signal })).rejects.toThrow('the disk failed');
    expect(await Array.fromAsync(store.list(''))).toEqual([]);
  });

  test('syncs the artifact and its folders before the write returns', async () => {
    const synced: string[] = [];
    ahead('sync', async ({ fd }) => void synced.push(await readlink(`/proc/self/fd/${fd}`)));
    await store.write('a/b', bytesOf('x'), { signal });
    expect(synced).toEqual([
      expect.stringMatching(/\/a\/\.partial-[0-9a-f]{16}-b$/),
      join(root, 'a'),
      root,
      directory.path,
    ]);
  });

  test('rejects and closes a source stream that ends prematurely', async () => {
    const source = new Readable({ read() {} });
    source.push(Buffer.alloc(1000));
    const writing = store.write('a', source, { signal });
    source.once('data', () => undefined);
    source.destroy();
    await expect(writing).rejects.toThrow('Premature close');
    expect(await Array.fromAsync(store.list(''))).toEqual([]);
  });

  test('closes the source stream if the file cannot be created', async () => {
    const nowhere = new LocalDirectory(join('/dev/null', 'x'));
    const source = new Readable({ read() {} });
    await expect(nowhere.write('a', source, { signal })).rejects.toThrow('Cannot write artifact a');
    expect(source.destroyed).toBe(true);
  });

  test('an abort after publishing has no effect and is not reported', async () => {
    const controller = new AbortController();
    let syncs = 0;
    ahead('sync', () => {
      if (++syncs === 2) controller.abort();
    });
    const { signal } = controller;
    expect(await store.write('a/b', bytesOf('x'), { signal })).toEqual({ bytes: 1 });
    expect(await store.stat('a/b')).toEqual({ bytes: 1 });
  });

  test('a stream closes its file at the end and when destroyed', async () => {
    await store.write('a', bytesOf('x'.repeat(3_000_000)), { signal });
    await buffer(await store.open('a'));
    const stopped = await store.open('a');
    const closed = new Promise((resolve) => stopped.once('close', resolve));
    stopped.destroy();
    await closed;
    await expect(store.open('a', { start: 1, end: 0 })).rejects.toThrow(RangeError);
    const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`));
    const openFiles = await Promise.allSettled(links);
    expect(openFiles.filter((link) => JSON.stringify(link).includes(root))).toEqual([]);
  });

  test('a reader fails instead of ending early if its file is truncated', async () => {
    await store.write('a', bytesOf('x'.repeat(3_000_000)), { signal });
    const reader = await store.open('a');
    await truncate(join(root, 'a'), 2_000_000);
    await expect(buffer(reader)).rejects.toThrow('the file ends at byte 2000000');
  });

  test('does not list or delete files that are not artifacts', async () => {
    await store.write('a/b', bytesOf('x'), { signal });
    await mkdir(join(root, 'lost+found'));
    await writeFile(join(root, 'a', 'README.TXT'), '');
    expect(await Array.fromAsync(store.list(''), ({ key }) => key)).toEqual(['a/b']);
    expect(await store.deletePrefix('a')).toBe(1);
    expect(await readdir(join(root, 'a'))).toEqual(['README.TXT']);
  });

  test('rejects a relative directory', () => {
    expect(() => new LocalDirectory('artifacts')).toThrow('Not an absolute directory');
  });
});

// A file system of 2 MiB in its own mount namespace, which disappears when the process ends.
const onTinyDisk = (directory: string, setUp: string, script: string) =>
  spawnSync(
    'unshare',
    [
      '-rm',
      'sh',
      '-c',
      `mount -t tmpfs -o size=2m,mode=0700 tmpfs "$1" && ${setUp} && exec "$2" --input-type=module -e "$3"`,
      'sh',
      directory,
      process.execPath,
      `import { LocalDirectory } from ${JSON.stringify(import.meta.resolve('./local-directory.ts'))};
       const store = new LocalDirectory(${JSON.stringify(directory)});
       const say = (value) => console.log(JSON.stringify(value));
       const describe = ({ name, reason, message, cause }) => ({ name, reason, message, code: cause?.code });
       ${script}`,
    ],
    { encoding: 'utf8' },
  );

const disk = await temporaryDirectory();
const canMount = onTinyDisk(disk.path, 'true', '').status === 0;
await disk.remove();

describe.skipIf(!canMount)('on a real disk (needs unshare to be allowed to mount a tmpfs)', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  beforeEach(async () => {
    directory = await temporaryDirectory();
  });
  afterEach(() => directory.remove());

  test('a write to a full disk fails with reason full and frees its space', () => {
    const result = onTinyDisk(
      directory.path,
      'true',
      `async function* source(count) { for (let i = 0; i < count; i++) yield new Uint8Array(65536); }
       const { signal } = new AbortController();
       await store.write('a/b', source(64), { signal }).catch((error) => say(describe(error)));
       say(await Array.fromAsync(store.list('')));
       say(await store.write('a/b', source(16), { signal }));`,
    );
    const [error, left, again] = result.stdout.trim().split('\n').map(parseLine);
    expect(result.stderr).toBe('');
    expect(error).toMatchObject({ name: 'ArtifactStoreError', reason: 'full', code: 'ENOSPC' });
    expect(error).toHaveProperty('message', expect.stringContaining('the disk is full'));
    expect([left, again]).toEqual([[], { bytes: 1024 * 1024 }]);
  });

  test('the probe of a read-only disk fails with reason refused', () => {
    const result = onTinyDisk(
      directory.path,
      'mount -o remount,ro "$1"',
      'await store.probe().catch((error) => say(describe(error)));',
    );
    expect(parseLine(result.stdout)).toMatchObject({ reason: 'refused', code: 'EROFS' });
  });
});

function parseLine(line: string): unknown {
  return JSON.parse(line);
}
