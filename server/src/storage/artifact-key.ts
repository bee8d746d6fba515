const SEGMENT = '[a-z0-9][a-z0-9._-]*';
const KEY = new RegExp(`^${SEGMENT}(?:/${SEGMENT})*$`);
/** Leaves room in a file name (255 bytes) for what a store adds to mark an unfinished file. */
const MAX_SEGMENT_LENGTH = 200;
/** S3 allows 1024 bytes, prefix of the store included. */
const MAX_KEY_LENGTH = 800;

export class InvalidArtifactKeyError extends TypeError {
  override readonly name = 'InvalidArtifactKeyError';
}

/**
 * Keys are lower-case segments joined by `/`, each beginning with a letter or digit. So no key can leave
 * the store (`..`, absolute paths), be hidden, or mean two things on a file system that ignores case.
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
 * The folder a prefix names, without the slash it may end with.
 *
 * @throws InvalidArtifactKeyError, also for '': no caller may name the whole store by accident.
 */
export function artifactFolder(prefix: string): string {
  const folder = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  checkArtifactKey(folder);
  return folder;
}
