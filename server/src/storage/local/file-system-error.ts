import { ArtifactStoreError, type ArtifactStoreFailure } from '../artifact-store.ts';

const REASONS: ReadonlyMap<string, readonly [ArtifactStoreFailure, string]> = new Map([
  ['ENOSPC', ['full', 'the disk is full']],
  ['EDQUOT', ['full', 'the disk quota is used up']],
  ['EACCES', ['refused', 'permission is missing']],
  ['EPERM', ['refused', 'the operation is not permitted']],
  ['EROFS', ['refused', 'the file system is read-only']],
]);

/** Awaits a file system operation. `doing`, such as `write artifact a/b`, is the start of the error message. */
export async function storing<Result>(doing: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof ArtifactStoreError) throw cause;
    const [reason, why] = REASONS.get(codeOf(cause) ?? '') ?? ['failed', 'the store failed'];
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new ArtifactStoreError(reason, `Cannot ${doing}: ${why} (${detail})`, { cause });
  }
}

/** Awaits `work`. Returns undefined if it fails because the path does not exist. */
export async function unlessMissing<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Includes ENOTDIR, because no path can exist below a file. */
export function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The system code of an error, such as `EISDIR`. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
