/**
 * Every error code of the api and its HTTP status, as in `server/src/errors.ts`; a test compares the two. Only an answer
 * that fits this table is the api's own. Gateways and proxies between the dashboard and the api send other answers.
 */
export const API_ERRORS: Readonly<Record<string, number>> = {
  BATCH_TOO_LARGE: 400,
  EMPTY_FILTER: 400,
  INVALID_CURSOR: 400,
  MALFORMED_JSON: 400,
  SEARCH_TOO_BROAD: 400,
  SOURCE_UNSUPPORTED: 400,
  TIMESTAMP_IN_FUTURE: 400,
  VALIDATION_FAILED: 400,
  WORKSPACE_REQUIRED: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  WORKSPACE_FORBIDDEN: 403,
  NOT_FOUND: 404,
  REQUEST_TIMEOUT: 408,
  EXPORT_NOT_AVAILABLE: 409,
  EXPORT_NOT_CANCELABLE: 409,
  EXPORT_NOT_READY: 409,
  EXPORT_NOT_RERUNNABLE: 409,
  IDEMPOTENCY_CONFLICT: 409,
  NAME_TAKEN: 409,
  NEWER_VERSION: 409,
  QUOTA_EXCEEDED: 409,
  VERSION_CONFLICT: 409,
  ARTIFACT_MISSING: 410,
  EXPORT_FILE_DELETED: 410,
  EXPORT_EXPIRED: 410,
  PRECONDITION_FAILED: 412,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RANGE_NOT_SATISFIABLE: 416,
  EXPORT_TOO_LARGE: 422,
  RATE_LIMITED: 429,
  TIME_RANGE_LIMIT: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL: 500,
  ARTIFACT_UNAVAILABLE: 503,
  SERVER_BUSY: 503,
  SCHEMA_DRIFT: 503,
  REGION_UNAVAILABLE: 503,
};

/** Whether `code` is one of the api's and belongs to `status`. */
export function isApiError(code: string, status: number): boolean {
  return Object.hasOwn(API_ERRORS, code) && API_ERRORS[code] === status;
}
