import { mkdir, open, opendir, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, unlessMissing } from './file-system-error.ts';

/**
 * Creates `folder` and its missing parents with mode 0700. Node's recursive mkdir (24.21) reports ENOENT on a read-only
 * file system and never returns under /proc.
 *
 * @returns the topmost folder created, or undefined if all existed.
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
    // Another writer has created it in the meantime.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  return highest ?? folder;
}

/** Syncs `folder` and each folder above it, up to `top`, so that their entries survive a power failure. */
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
 * Removes `folder` and its parents as long as they are empty, but never `root`.
 *
 * @returns the first folder that is kept.
 */
export async function pruneUpwards(folder: string, root: string): Promise<string> {
  let current = folder;
  while (current !== root) {
    try {
      await unlessMissing(rmdir(current));
    } catch {
      // The folder is not empty or we may not remove it. A leftover empty folder is harmless.
      return current;
    }
    current = dirname(current);
  }
  return root;
}

/** Removes the empty folders in `folder`, deepest first, and then `folder` itself if it is empty. */
export async function pruneWithin(folder: string): Promise<void> {
  const entries = await unlessMissing(opendir(folder));
  if (entries === undefined) return;
  for await (const entry of entries) {
    if (entry.isDirectory()) await pruneWithin(join(folder, entry.name));
  }
  await rmdir(folder).catch(() => undefined);
}
