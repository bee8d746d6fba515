import { type ErrorCatalogue, HttpProblem, type ProblemOptions } from '../../contract/problem.ts';
import { EDGE_ERRORS } from '../../http-edge/edge-problem.ts';

/** The dashboard's own errors, code → HTTP status and title; errors of the api keep their own code. */
export const ERROR_CATALOGUE = {
  ...EDGE_ERRORS,
  INVALID_CURSOR: { status: 400, title: 'The cursor is not valid' },
  INVALID_CREDENTIALS: { status: 401, title: 'Incorrect email or password' },
  UNAUTHENTICATED: { status: 401, title: 'Authentication failed' },
  ORIGIN_FORBIDDEN: { status: 403, title: 'The request comes from another site' },
  PERMISSION_DENIED: { status: 403, title: 'Not permitted' },
  WORKSPACE_FORBIDDEN: { status: 403, title: 'You do not have access to this workspace' },
  ALREADY_SET_UP: { status: 409, title: 'This installation already has an owner' },
  EMAIL_TAKEN: { status: 409, title: 'An account with this address already exists' },
  EXPORT_NOT_AVAILABLE: { status: 409, title: 'This export has no file' },
  EXPORT_NOT_READY: { status: 409, title: 'This export has not finished yet' },
  LAST_OWNER: { status: 409, title: 'A company must have at least one owner' },
  NAME_TAKEN: { status: 409, title: 'The name is taken' },
  QUOTA_EXCEEDED: { status: 409, title: 'The quota is exhausted' },
  ARTIFACT_MISSING: { status: 410, title: 'The file of this export is missing' },
  EXPORT_FILE_DELETED: { status: 410, title: 'The file of this export was deleted' },
  EXPORT_EXPIRED: { status: 410, title: 'The file of this export has expired' },
  INVITATION_INVALID: { status: 410, title: 'The invitation can no longer be used' },
  PRECONDITION_FAILED: { status: 412, title: 'The file is not the requested version' },
  DOWNLOAD_TOO_LARGE: { status: 413, title: 'The file is too large for the dashboard' },
  RANGE_NOT_SATISFIABLE: { status: 416, title: 'The range is outside the file' },
  TOO_MANY_ATTEMPTS: { status: 429, title: 'Too many attempts' },
  API_UNAVAILABLE: { status: 503, title: 'The API cannot be reached right now' },
  ARTIFACT_UNAVAILABLE: { status: 503, title: 'The file cannot be read right now' },
  DASHBOARD_UNAVAILABLE: {
    status: 503,
    title: 'The dashboard database cannot be reached right now',
  },
  EVIDENCE_UNAVAILABLE: { status: 503, title: 'Evidence cannot be written right now' },
  REGION_UNAVAILABLE: { status: 503, title: 'The region cannot be reached right now' },
} as const satisfies ErrorCatalogue<string>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** An error that is safe to show to the browser. */
export class Problem extends HttpProblem<ErrorCode> {
  /** @param detail one or two sentences for the reader; must not contain secrets or another tenant's data */
  constructor(code: ErrorCode, detail: string, options?: ProblemOptions) {
    super(ERROR_CATALOGUE, code, detail, options);
  }
}
