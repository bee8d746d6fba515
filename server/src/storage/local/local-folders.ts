import { mkdir, open, opendir, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, unlessMissing } from './file-system-error.ts';

/**
 * Makes `folder` and those above it that are missing, mode 0700. Node's own recursive mkdir (24.21) says
 * ENOENT where the file system is read-only, and under /proc never returns.
 *
 * @returns the highest folder made, undefined when all were there.
 */
export async function makeFolders(folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder, 0o700);
    return folder;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
  }
  const highest = await makeFolders(dirname(folder));
  try {
    await mkdir(folder, 0o700);
  } catch (error) {
    // Made by another writer in the meantime.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  return highest ?? folder;
}

/** Makes the entries of `folder` and of each folder above it, up to `top`, survive a power cut. */
export async function syncFolders(folder: string, top: string): Promise<void> {
  for (let current = folder; ; current = dirname(current)) {
    await syncFolder(current);
    if (current === top) return;
  }
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Removes `folder` and those above it as long as they are empty, never `root`.
 *
 * @returns the first that stays.
 */
export async function pruneUpwards(folder: string, root: string): Promise<string> {
  let current = folder;
  while (current !== root) {
    try {
      await unlessMissing(rmdir(current));
    } catch {
      // Not empty, or not ours to remove: an empty folder left over does no harm.
      return current;
    }
    current = dirname(current);
  }
  return root;
}

/** Removes the empty folders within `folder`, deepest first, and `folder` itself when it is empty then. */
export async function pruneWithin(folder: string): Promise<void> {
  const entries = await unlessMissing(opendir(folder));
  if (entries === undefined) return;
  for await (const entry of entries) {
    if (entry.isDirectory()) await pruneWithin(join(folder, entry.name));
  }
  await rmdir(folder).catch(() => undefined);
}
