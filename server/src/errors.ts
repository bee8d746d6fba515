import { type ErrorCatalogue, HttpProblem, type ProblemOptions } from '../../contract/problem.ts';
import { EDGE_ERRORS } from '../../http-edge/edge-problem.ts';

/**
 * Every error a client can see, in one catalogue: code → HTTP status and title.
 * Codes are contract (clients branch on them); titles are for people and may change.
 */
export const ERROR_CATALOGUE = {
  ...EDGE_ERRORS,
  BATCH_TOO_LARGE: { status: 400, title: 'Too many events in one batch' },
  EMPTY_FILTER: { status: 400, title: 'A filter list is empty' },
  INVALID_CURSOR: { status: 400, title: 'The cursor is not valid' },
  SEARCH_TOO_BROAD: { status: 400, title: 'The search is too broad' },
  SOURCE_UNSUPPORTED: { status: 400, title: 'This source is not supported' },
  TIMESTAMP_IN_FUTURE: { status: 400, title: 'The timestamp is too far in the future' },
  WORKSPACE_REQUIRED: { status: 400, title: 'A workspace is required' },
  UNAUTHENTICATED: { status: 401, title: 'Authentication failed' },
  PERMISSION_DENIED: { status: 403, title: 'Not permitted' },
  WORKSPACE_FORBIDDEN: { status: 403, title: 'You do not have access to this workspace' },
  EXPORT_NOT_AVAILABLE: { status: 409, title: 'This export has no file' },
  EXPORT_NOT_CANCELABLE: { status: 409, title: 'This export can no longer be canceled' },
  EXPORT_NOT_READY: { status: 409, title: 'This export has not finished yet' },
  EXPORT_NOT_RERUNNABLE: { status: 409, title: 'This export has not ended yet' },
  IDEMPOTENCY_CONFLICT: { status: 409, title: 'The idempotency key was used for another request' },
  NAME_TAKEN: { status: 409, title: 'This name is already in use' },
  NEWER_VERSION: { status: 409, title: 'This was saved by a newer version of Exhibit' },
  QUOTA_EXCEEDED: { status: 409, title: 'The quota is exhausted' },
  VERSION_CONFLICT: { status: 409, title: 'Someone else changed this in the meantime' },
  ARTIFACT_MISSING: { status: 410, title: 'The file of this export is missing' },
  EXPORT_FILE_DELETED: { status: 410, title: 'The file of this export was deleted' },
  EXPORT_EXPIRED: { status: 410, title: 'The file of this export has expired' },
  PRECONDITION_FAILED: { status: 412, title: 'The file is not the requested version' },
  RANGE_NOT_SATISFIABLE: { status: 416, title: 'The range is outside the file' },
  EXPORT_TOO_LARGE: { status: 422, title: 'The export is larger than allowed' },
  TIME_RANGE_LIMIT: { status: 429, title: 'Too many new time ranges today' },
  ARTIFACT_UNAVAILABLE: { status: 503, title: 'The file cannot be read right now' },
  SCHEMA_DRIFT: { status: 503, title: 'This region has not been migrated yet' },
  REGION_UNAVAILABLE: { status: 503, title: 'The region cannot be reached right now' },
} as const satisfies ErrorCatalogue<string>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** An error that is safe to show to the client. */
export class Problem extends HttpProblem<ErrorCode> {
  /** @param detail one or two sentences for the reader; must not contain secrets or another tenant's data */
  constructor(code: ErrorCode, detail: string, options?: ProblemOptions) {
    super(ERROR_CATALOGUE, code, detail, options);
  }
}
