import { lstat, open, opendir, readdir, unlink } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { artifactFolder, checkArtifactKey, isArtifactKey } from '../artifact-key.ts';
import {
  ArtifactMissingError,
  checkRange,
  type ArtifactStore,
  type ByteRange,
  type DeleteOptions,
  type ListedArtifact,
  type Stored,
  type StoreFindings,
  type WriteOptions,
} from '../artifact-store.ts';
import { codeOf, isMissing, storing, unlessMissing } from './file-system-error.ts';
import { pruneUpwards, pruneWithin, syncFolder } from './local-folders.ts';
import { probeArtifactStore } from '../probe-artifact-store.ts';
import { FileRange } from './file-range.ts';
import { nameOfPartial, writeFileAtomically } from './write-file-atomically.ts';

/**
 * An artifact store in a directory. Each artifact is the file at the path of its key, mode 0600, in folders of mode
 * 0700. Any number of processes may use the same directory. Files with other names are ignored.
 */
export class LocalDirectory implements ArtifactStore {
  readonly #root: string;

  /** @param root absolute path; created with its parent folders when the first artifact is written. */
  constructor(root: string) {
    if (!isAbsolute(root)) throw new TypeError(`Not an absolute directory: ${root}`);
    this.#root = resolve(root);
  }

  async write(
    key: string,
    source: AsyncIterable<Uint8Array>,
    { signal }: WriteOptions,
  ): Promise<Stored> {
    const target = { root: this.#root, path: this.#pathOf(key), key };
    return writeFileAtomically(target, source, signal);
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    const doing = `read artifact ${key}`;
    const path = this.#pathOf(key);
    const file = await storing(doing, unlessMissing(open(path, 'r')));
    if (file === undefined) throw new ArtifactMissingError(key);
    try {
      const stats = await storing(doing, file.stat());
      if (!stats.isFile()) throw new ArtifactMissingError(key);
      const wanted = range ?? { start: 0, end: stats.size };
      checkRange(wanted, stats.size);
      return new FileRange(file, wanted, doing);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async stat(key: string): Promise<Stored | undefined> {
    const stats = await storing(`find artifact ${key}`, unlessMissing(lstat(this.#pathOf(key))));
    return stats?.isFile() === true ? { bytes: stats.size } : undefined;
  }

  async delete(key: string, { signal }: DeleteOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    const path = this.#pathOf(key);
    await storing(`delete artifact ${key}`, this.#deleteFile(path));
  }

  async deletePartials(key: string): Promise<number> {
    const path = this.#pathOf(key);
    return storing(`delete what is unfinished of artifact ${key}`, this.#deletePartials(path));
  }

  async deletePrefix(prefix: string, { signal }: DeleteOptions = {}): Promise<number> {
    const folder = artifactFolder(prefix);
    return storing(`delete artifacts under ${folder}/`, this.#deleteFolder(folder, signal));
  }

  async *list(prefix: string): AsyncGenerator<ListedArtifact, void, undefined> {
    const folder = prefix === '' ? '' : artifactFolder(prefix);
    for await (const { path: _, ...listed } of walk(this.#root, folder)) yield listed;
  }

  async probe(): Promise<StoreFindings> {
    return probeArtifactStore(this);
  }

  #pathOf(key: string): string {
    checkArtifactKey(key);
    return join(this.#root, key);
  }

  async #deleteFile(path: string): Promise<void> {
    await removed(path);
    // Sync the deletion; otherwise an expired artifact could reappear unnoticed after a power failure.
    const surviving = await pruneUpwards(dirname(path), this.#root);
    await unlessMissing(syncFolder(surviving));
  }

  async #deletePartials(path: string): Promise<number> {
    const entries = await unlessMissing(readdir(dirname(path)));
    let deleted = 0;
    for (const entry of entries ?? []) {
      if (nameOfPartial(entry) !== basename(path)) continue;
      if (await removed(join(dirname(path), entry))) deleted++;
    }
    await pruneUpwards(dirname(path), this.#root);
    return deleted;
  }

  async #deleteFolder(folder: string, signal: AbortSignal | undefined): Promise<number> {
    const path = join(this.#root, folder);
    let deleted = 0;
    // Repeat until nothing is found, because a writer may rename its partial file during the walk.
    for (let found = -1; found !== 0; ) {
      found = 0;
      for await (const file of walk(this.#root, folder)) {
        signal?.throwIfAborted();
        found++;
        if (await removed(file.path)) deleted++;
      }
    }
    await pruneWithin(path);
    const surviving = await pruneUpwards(path, this.#root);
    await unlessMissing(syncFolder(surviving));
    return deleted;
  }
}

/** Artifacts and unfinished files in a folder. Files that disappear during the walk are omitted. */
async function* walk(
  root: string,
  folder: string,
): AsyncGenerator<ListedArtifact & { readonly path: string }, void, undefined> {
  const entries = await storing(`list ${folder}/`, unlessMissing(opendir(join(root, folder))));
  if (entries === undefined) return;
  for await (const entry of entries) {
    const partialOf = nameOfPartial(entry.name);
    const name = partialOf ?? entry.name;
    const key = folder === '' ? name : `${folder}/${name}`;
    if (!isArtifactKey(key)) continue;
    if (entry.isDirectory() && partialOf === undefined) yield* walk(root, key);
    if (!entry.isFile()) continue;
    const path = join(root, folder, entry.name);
    const stats = await storing(`list ${folder}/`, unlessMissing(lstat(path)));
    if (stats === undefined) continue;
    const partial = partialOf !== undefined;
    yield { key, bytes: stats.size, modifiedAt: stats.mtime, partial, path };
  }
}

/** Removes a file and returns whether it existed. A folder does not count: it only contains other artifacts. */
async function removed(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (isMissing(error) || codeOf(error) === 'EISDIR') return false;
    throw error;
  }
}
