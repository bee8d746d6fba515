import type { AuditAction } from '../evidence/append-evidence.ts';
import { UUID } from '../uuid.ts';

/** A route whose use leaves evidence. */
export interface EvidencedRoute {
  readonly action: AuditAction;
  /** It makes a job, whose id the dashboard chooses and sends as Idempotency-Key. */
  readonly makesJob: boolean;
  /** The id in the path, when there is one: of a job, a view or a template. */
  readonly subjectId: string | undefined;
}

const ID = '([0-9A-Za-z-]+)';
const route = (method: string, path: string, action: AuditAction, makesJob = false) => ({
  method,
  pattern: new RegExp(`^${path.replace(':id', ID)}$`),
  action,
  makesJob,
});

const ROUTES = [
  route('POST', 'exports', 'EXPORT_REQUESTED', true),
  route('POST', 'exports/:id/rerun', 'EXPORT_RERUN', true),
  route('POST', 'export-templates/:id/run', 'EXPORT_REQUESTED', true),
  route('POST', 'exports/:id/cancel', 'EXPORT_CANCELED'),
  route('DELETE', 'exports/:id/artifact', 'EXPORT_FILE_DELETED'),
  route('POST', 'explorer/views', 'SAVED_VIEW_CREATED'),
  route('PATCH', 'explorer/views/:id', 'SAVED_VIEW_UPDATED'),
  route('DELETE', 'explorer/views/:id', 'SAVED_VIEW_DELETED'),
  route('POST', 'explorer/views/:id/run', 'SAVED_VIEW_RUN'),
] as const;

/** Actions on a job that exists already: its id is in the path, and nothing is made. */
export function changesJob(action: AuditAction): boolean {
  return action === 'EXPORT_CANCELED' || action === 'EXPORT_FILE_DELETED';
}

/** The evidence a call leaves; undefined when it leaves none. `path` is without `/api/dashboard/`. */
export function evidencedRoute(method: string, path: string): EvidencedRoute | undefined {
  for (const { method: wanted, pattern, action, makesJob } of ROUTES) {
    const match = method === wanted ? pattern.exec(path) : null;
    if (match !== null) return { action, makesJob, subjectId: match[1] };
  }
  return undefined;
}

/** A subject as a column of type uuid takes it; another id is nobody's, and the api says so. */
export function asUuid(id: string | undefined): string | null {
  return id !== undefined && UUID.test(id) ? id.toLowerCase() : null;
}
