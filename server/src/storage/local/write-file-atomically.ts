import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Stored } from '../artifact-store.ts';
import { codeOf, isMissing, storing } from './file-system-error.ts';
import { makeFolders, pruneUpwards, syncFolders } from './local-folders.ts';
import { interruptible } from '../interruptible.ts';
import { writeBlocks } from './write-blocks.ts';

export interface TargetFile {
  /** The store's directory. Folders are synced up to this one, and folders above it are never removed. */
  readonly root: string;
  readonly path: string;
  /** Used in error messages. */
  readonly key: string;
}

/** ArtifactStore.write for a file: writes a partial file in the same folder, syncs it and renames it. */
export async function writeFileAtomically(
  target: TargetFile,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<Stored> {
  let stored: Stored | undefined;
  try {
    // Open the file within the pipeline, so that the source stream is closed even if opening fails.
    await pipeline(
      source,
      (chunks) => interruptible(chunks, signal),
      async (chunks) => {
        stored = await storeFile(target, chunks, signal);
      },
      { signal },
    );
  } catch (error) {
    // The file is already published, so a later abort has no effect.
    if (stored !== undefined) return stored;
    throw signal.aborted ? signal.reason : error;
  }
  if (stored === undefined) throw new Error('The pipeline ended without storing a file');
  return stored;
}

async function storeFile(
  target: TargetFile,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<Stored> {
  const doing = `write artifact ${target.key}`;
  const partial = await storing(doing, createPartial(target));
  try {
    const bytes = await writeBlocks(partial.file, chunks, doing);
    await storing(doing, partial.file.sync());
    await storing(doing, partial.file.close());
    signal.throwIfAborted();
    await storing(doing, publish(partial, target));
    return { bytes };
  } catch (error) {
    await discard(partial, target);
    throw error;
  }
}

interface PartialFile {
  readonly path: string;
  readonly file: FileHandle;
  /** The topmost folder whose entries were changed for this file. */
  readonly syncUpTo: string;
}

const CREATE_ATTEMPTS = 10;

async function createPartial({ root, path }: TargetFile): Promise<PartialFile> {
  const folder = dirname(path);
  const partialPath = join(folder, partialName(basename(path)));
  let highestMade: string | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      const made = await makeFolders(folder);
      highestMade ??= made;
      const file = await open(partialPath, 'wx', 0o600);
      const syncUpTo =
        highestMade !== undefined && highestMade.length <= root.length
          ? dirname(highestMade)
          : root;
      return { path: partialPath, file, syncUpTo };
    } catch (error) {
      // Another writer may have removed a folder that was still empty between two of these steps.
      if (codeOf(error) === 'ENOENT' && attempt < CREATE_ATTEMPTS) continue;
      await pruneUpwards(folder, root);
      throw error;
    }
  }
}

async function publish(partial: PartialFile, { path }: TargetFile): Promise<void> {
  try {
    await rename(partial.path, path);
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new Error('it was deleted while it was being written', { cause });
  }
  try {
    await syncFolders(dirname(path), partial.syncUpTo);
  } catch (error) {
    // A power failure could lose the file. The caller gets an error, so the file must not exist.
    await rm(path, { force: true });
    throw error;
  }
}

/** Best effort: the original error is the one to report, and deletePrefix removes leftovers. */
async function discard(partial: PartialFile, { root }: TargetFile): Promise<void> {
  await partial.file.close().catch(() => undefined);
  await rm(partial.path, { force: true }).catch(() => undefined);
  await pruneUpwards(dirname(partial.path), root);
}

// A segment of a key never starts with a dot, so a partial file cannot be mistaken for an artifact.
const PARTIAL_NAME = /^\.partial-[0-9a-f]{16}-(.+)$/;

/** Returns a new name for the unfinished file of the artifact `name`, in the same folder. */
export function partialName(name: string): string {
  return `.partial-${randomBytes(8).toString('hex')}-${name}`;
}

/** The artifact name that an unfinished file belongs to; undefined for other files. */
export function nameOfPartial(fileName: string): string | undefined {
  return PARTIAL_NAME.exec(fileName)?.[1];
}
