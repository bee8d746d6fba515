import { ArtifactStoreError } from './artifact-store.ts';

const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  // A network file system whose server does not respond.
  'EIO',
  'ESTALE',
]);

/** Names of temporary errors of the S3 SDK and of S3 servers. */
const NAMES = new Set([
  'TimeoutError',
  'RequestTimeout',
  'RequestTimeoutException',
  'NetworkingError',
  'SlowDown',
  'ServiceUnavailable',
  'InternalError',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'XMinioServerNotInitialized',
]);

const TOO_MANY_REQUESTS = 429;
const MAX_DEPTH = 5;

/**
 * Whether an error means that the store is temporarily unavailable: connection refused or reset, timeouts, 5xx,
 * throttling. Wrong credentials, a missing permission or bucket, and a full store are not temporary: they persist until
 * an operator fixes them.
 */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof ArtifactStoreError) || error.reason !== 'failed') return false;
  if (error.problem === 'unreachable' || error.problem === 'busy') return true;
  return isOutage(error.cause, MAX_DEPTH);
}

function isOutage(error: unknown, depth: number): boolean {
  if (!(error instanceof Error) || depth === 0) return false;
  if (error instanceof AggregateError && error.errors.some((one) => isOutage(one, depth - 1)))
    return true;
  if ('code' in error && typeof error.code === 'string' && SYSTEM_CODES.has(error.code))
    return true;
  if (NAMES.has(error.name)) return true;
  const status = statusOf(error);
  if (status !== undefined && (status >= 500 || status === TOO_MANY_REQUESTS)) return true;
  return isOutage(error.cause, depth - 1);
}

function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  return 'httpStatusCode' in metadata && typeof metadata.httpStatusCode === 'number'
    ? metadata.httpStatusCode
    : undefined;
}
