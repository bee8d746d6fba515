import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing } from './local/file-system-error.ts';

export interface LowDisk {
  readonly directory: string;
  readonly freeBytes: number;
}

/**
 * Watches the free space of the disks that exports fill: those of artifact directories and of the embedded
 * PostgreSQL, which stops accepting events when its disk is full.
 */
export class DiskGuard {
  readonly #directories: readonly string[];
  readonly minFreeBytes: number;

  constructor(directories: readonly string[], minFreeBytes: number) {
    this.#directories = directories;
    this.minFreeBytes = minFreeBytes;
  }

  /** Returns a directory whose disk has less than `minFreeBytes` of free space, or undefined if there is none. */
  async findLowDisk(): Promise<LowDisk | undefined> {
    if (this.minFreeBytes === 0) return undefined;
    for (const directory of this.#directories) {
      const freeBytes = await freeBytesOf(directory);
      if (freeBytes !== undefined && freeBytes < this.minFreeBytes) return { directory, freeBytes };
    }
    return undefined;
  }
}

/** Measures the nearest existing folder, because an artifact directory is created by the first export. */
async function freeBytesOf(directory: string): Promise<number | undefined> {
  for (let path = directory; ; path = dirname(path)) {
    try {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    } catch (error) {
      // Do not stop exports if the free space is unknown. A write to a faulty disk reports the problem.
      if (!isMissing(error) || path === dirname(path)) return undefined;
    }
  }
}
