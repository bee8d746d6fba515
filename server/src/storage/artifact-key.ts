const SEGMENT = '[a-z0-9][a-z0-9._-]*';
const KEY = new RegExp(`^${SEGMENT}(?:/${SEGMENT})*$`);
/** Leaves room in a file name (255 bytes) for the suffix with which a store marks an unfinished file. */
const MAX_SEGMENT_LENGTH = 200;
/** S3 allows 1024 bytes, including the prefix of the store. */
const MAX_KEY_LENGTH = 800;

export class InvalidArtifactKeyError extends TypeError {
  override readonly name = 'InvalidArtifactKeyError';
}

/**
 * Keys are lower-case segments joined by `/`. Each segment starts with a letter or digit. So a key cannot escape the
 * store (`..`, absolute paths), name a hidden file, or be ambiguous on a case-insensitive file system.
 */
export function isArtifactKey(text: string): boolean {
  if (text.length > MAX_KEY_LENGTH || !KEY.test(text)) return false;
  return text.split('/').every((segment) => segment.length <= MAX_SEGMENT_LENGTH);
}

/** @throws InvalidArtifactKeyError */
export function checkArtifactKey(key: string): void {
  if (isArtifactKey(key)) return;
  throw new InvalidArtifactKeyError(`Not an artifact key: ${JSON.stringify(key.slice(0, 200))}`);
}

/**
 * Returns the folder that a prefix names, without a trailing slash.
 *
 * @throws InvalidArtifactKeyError, also for '', so that no caller selects the whole store by accident.
 */
export function artifactFolder(prefix: string): string {
  const folder = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  checkArtifactKey(folder);
  return folder;
}
