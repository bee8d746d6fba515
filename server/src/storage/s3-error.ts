import { ArtifactStoreError, type ArtifactStoreFailure } from './artifact-store.ts';

/** By the error's name or code as S3 and its imitators give it. */
const REASONS: ReadonlyMap<string, readonly [ArtifactStoreFailure, string]> = new Map([
  ['AccessDenied', ['refused', 'permission is missing']],
  ['AccountProblem', ['refused', 'the account is not in order']],
  ['ExpiredToken', ['refused', 'the credentials have expired']],
  ['InvalidAccessKeyId', ['refused', 'the credentials are not known']],
  ['SignatureDoesNotMatch', ['refused', 'the credentials are wrong']],
  ['CredentialsProviderError', ['refused', 'there are no credentials in the environment']],
  ['InsufficientStorage', ['full', 'the store is full']],
  ['InsufficientCapacity', ['full', 'the store is full']],
  ['QuotaExceeded', ['full', 'the quota is used up']],
  ['XMinioStorageFull', ['full', 'the store is full']],
  ['XMinioAdminBucketQuotaExceeded', ['full', 'the quota of the bucket is used up']],
  ['NoSuchBucket', ['failed', 'there is no such bucket']],
  ['NoSuchUpload', ['failed', 'it was deleted while it was being written']],
]);

const STATUS_REASONS: ReadonlyMap<number, readonly [ArtifactStoreFailure, string]> = new Map([
  [401, ['refused', 'permission is missing']],
  [403, ['refused', 'permission is missing']],
  [507, ['full', 'the store is full']],
]);

/** Awaits a call of the SDK; `doing` (`write artifact a/b`) begins the message when it fails. */
export async function calling<Result>(doing: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof ArtifactStoreError) throw cause;
    const [reason, why] = REASONS.get(nameOf(cause)) ??
      STATUS_REASONS.get(statusOf(cause) ?? 0) ?? ['failed', 'the store failed'];
    const detail = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new ArtifactStoreError(reason, `Cannot ${doing}: ${why} (${detail})`, { cause });
  }
}

/** A HEAD has no body to say which thing is missing; on a key it means the key. */
export function isMissing(error: unknown): boolean {
  return nameOf(error) === 'NoSuchKey' || nameOf(error) === 'NotFound';
}

export function isUnknownUpload(error: unknown): boolean {
  return nameOf(error) === 'NoSuchUpload';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  return 'httpStatusCode' in metadata && typeof metadata.httpStatusCode === 'number'
    ? metadata.httpStatusCode
    : undefined;
}
