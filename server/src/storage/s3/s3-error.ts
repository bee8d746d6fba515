import {
  ArtifactStoreError,
  type ArtifactStoreFailure,
  type StoreProblem,
} from '../artifact-store.ts';

interface Meaning {
  readonly reason: ArtifactStoreFailure;
  readonly problem: StoreProblem;
  /** For operators: the problem, and the remedy if it is known. */
  readonly why: string;
}

const refused = (problem: StoreProblem, why: string): Meaning => ({
  reason: 'refused',
  problem,
  why,
});
const full = (why: string): Meaning => ({ reason: 'full', problem: 'full', why });

const OTHER: Meaning = { reason: 'failed', problem: 'other', why: 'the store failed' };
const DENIED = refused('permission', 'permission is missing');
const CREDENTIALS_EXPIRED = refused('credentials', 'the credentials have expired');
const CREDENTIALS_ABSENT = refused('credentials', 'there are no credentials in the environment');
const CLOCK = refused(
  'clock',
  "this machine's clock differs too much from the store's: synchronize it (NTP)",
);
const OTHER_REGION = refused(
  'region',
  "the bucket is in another region or at another endpoint: correct region or endpoint in the store's URL",
);
const UNREACHABLE: Meaning = {
  reason: 'failed',
  problem: 'unreachable',
  why: 'the store is unreachable',
};
const BUSY: Meaning = {
  reason: 'failed',
  problem: 'busy',
  why: 'the store is temporarily unavailable',
};

/** By the name or code of the error, as used by S3 and compatible servers. */
const BY_NAME: ReadonlyMap<string, Meaning> = new Map([
  ['AccessDenied', DENIED],
  ['AllAccessDisabled', refused('permission', 'all access to the bucket is disabled')],
  ['AccountProblem', refused('credentials', 'there is a problem with the account')],
  ['ExpiredToken', CREDENTIALS_EXPIRED],
  ['ExpiredTokenException', CREDENTIALS_EXPIRED],
  ['TokenRefreshRequired', CREDENTIALS_EXPIRED],
  ['InvalidToken', refused('credentials', 'the session token is not valid')],
  ['InvalidAccessKeyId', refused('credentials', 'the access key is not known to the store')],
  [
    'SignatureDoesNotMatch',
    refused('credentials', 'the credentials are wrong: check the secret key'),
  ],
  ['CredentialsProviderError', CREDENTIALS_ABSENT],
  ['RequestTimeTooSkewed', CLOCK],
  ['RequestExpired', CLOCK],
  ['PermanentRedirect', OTHER_REGION],
  ['TemporaryRedirect', OTHER_REGION],
  ['Redirect', OTHER_REGION],
  ['AuthorizationHeaderMalformed', OTHER_REGION],
  ['IllegalLocationConstraintException', OTHER_REGION],
  ['InsufficientStorage', full('the store is full')],
  ['InsufficientCapacity', full('the store is full')],
  ['QuotaExceeded', full('the quota is used up')],
  ['XMinioStorageFull', full('the store is full')],
  ['XMinioAdminBucketQuotaExceeded', full('the quota of the bucket is used up')],
  ['NoSuchBucket', { reason: 'failed', problem: 'bucket', why: 'there is no such bucket' }],
  ['InvalidBucketName', { reason: 'failed', problem: 'bucket', why: 'there is no such bucket' }],
  ['NoSuchKey', { reason: 'missing', problem: 'file', why: 'there is no such object' }],
  [
    'NoSuchUpload',
    { reason: 'failed', problem: 'other', why: 'it was deleted while it was being written' },
  ],
  [
    'ServerSideEncryptionConfigurationNotFoundError',
    refused('encryption', 'the store cannot encrypt'),
  ],
  ['KMS.NotFoundException', refused('encryption', 'the key of kmsKey does not exist')],
  ['KMS.DisabledException', refused('encryption', 'the key of kmsKey is disabled')],
  ['TimeoutError', UNREACHABLE],
  ['SlowDown', BUSY],
  ['ServiceUnavailable', BUSY],
  ['InternalError', BUSY],
]);

/** By the code of a system error, which means that the store was not reached. */
const UNREACHABLE_CODES: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
]);

const BY_STATUS: ReadonlyMap<number, Meaning> = new Map([
  [301, OTHER_REGION],
  [307, OTHER_REGION],
  [401, DENIED],
  [403, DENIED],
  [503, BUSY],
  [507, full('the store is full')],
]);

/** Awaits a call of the SDK. `doing`, such as `write artifact a/b`, is the start of the error message. */
export async function calling<Result>(doing: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    throw s3Failure(doing, cause);
  }
}

/** Converts an error of the SDK to an ArtifactStoreError. An ArtifactStoreError is returned unchanged. */
export function s3Failure(doing: string, cause: unknown): ArtifactStoreError {
  if (cause instanceof ArtifactStoreError) return cause;
  const { reason, problem, why } = meaningOf(cause);
  const message = `Cannot ${doing}: ${why} (${describe(cause)})`;
  return new ArtifactStoreError(reason, message, { cause, problem });
}

/** Whether the store rejected a call because the credentials lack a permission. */
export function isDenied(error: unknown): boolean {
  if (error instanceof ArtifactStoreError) return error.problem === 'permission';
  return meaningOf(error) === DENIED;
}

export function isMissingKey(error: unknown): boolean {
  return nameOf(error) === 'NoSuchKey';
}

export function isUnknownUpload(error: unknown): boolean {
  return nameOf(error) === 'NoSuchUpload';
}

export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function meaningOf(error: unknown): Meaning {
  const byName = BY_NAME.get(nameOf(error));
  if (byName !== undefined) return byName;
  if (error instanceof Error && 'code' in error && UNREACHABLE_CODES.has(error.code))
    return UNREACHABLE;
  return BY_STATUS.get(statusOf(error) ?? 0) ?? OTHER;
}

/** `AccessDenied: not authorized to …, HTTP 403, request ID …`. The SDK names unparsable errors UnknownError. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { httpStatusCode, requestId } = metadataOf(error);
  const said = [error.name, error.message].filter(
    (text, at, both) => text !== '' && text !== 'UnknownError' && both.indexOf(text) === at,
  );
  if (said.length === 0) said.push('a response without an error code');
  return [
    said.join(': '),
    ...('code' in error && typeof error.code === 'string' ? [error.code] : []),
    ...(httpStatusCode === undefined ? [] : [`HTTP ${httpStatusCode}`]),
    ...(requestId === undefined ? [] : [`request ID ${requestId}`]),
  ].join(', ');
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error ? metadataOf(error).httpStatusCode : undefined;
}

function metadataOf(error: Error): { httpStatusCode?: number; requestId?: string } {
  if (!('$metadata' in error)) return {};
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null) return {};
  return {
    ...('httpStatusCode' in metadata && typeof metadata.httpStatusCode === 'number'
      ? { httpStatusCode: metadata.httpStatusCode }
      : {}),
    ...('requestId' in metadata && typeof metadata.requestId === 'string'
      ? { requestId: metadata.requestId }
      : {}),
  };
}
