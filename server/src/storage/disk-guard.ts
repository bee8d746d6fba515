import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing } from './local/file-system-error.ts';

export interface LowDisk {
  readonly directory: string;
  readonly freeBytes: number;
}

/**
 * Watches the free space of the disks that exports fill: those of artifact directories and of the embedded
 * PostgreSQL, which stops taking events when its disk is full.
 */
export class DiskGuard {
  readonly #directories: readonly string[];
  readonly minFreeBytes: number;

  constructor(directories: readonly string[], minFreeBytes: number) {
    this.#directories = directories;
    this.minFreeBytes = minFreeBytes;
  }

  /** A directory whose disk has less free space than it must keep; undefined: there is none. */
  async findLowDisk(): Promise<LowDisk | undefined> {
    if (this.minFreeBytes === 0) return undefined;
    for (const directory of this.#directories) {
      const freeBytes = await freeBytesOf(directory);
      if (freeBytes !== undefined && freeBytes < this.minFreeBytes) return { directory, freeBytes };
    }
    return undefined;
  }
}

/** Of the nearest folder that exists: an artifact directory is made by the first export. */
async function freeBytesOf(directory: string): Promise<number | undefined> {
  for (let path = directory; ; path = dirname(path)) {
    try {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    } catch (error) {
      // A disk that cannot be asked must not stop exports: writing to it says what is wrong.
      if (!isMissing(error) || path === dirname(path)) return undefined;
    }
  }
}
