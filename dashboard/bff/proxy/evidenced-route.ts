import type { AuditAction } from '../evidence/append-evidence.ts';
import { UUID } from '../uuid.ts';

/** A route whose use leaves evidence. */
export interface EvidencedRoute {
  readonly action: AuditAction;
  /** True if it creates a job, whose id the dashboard chooses and sends as Idempotency-Key. */
  readonly makesJob: boolean;
  /** The id in the path, if there is one: of a job, a view or a template. */
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

/** Actions on an existing job: its id is in the path, and no job is created. */
export function changesJob(action: AuditAction): boolean {
  return action === 'EXPORT_CANCELED' || action === 'EXPORT_FILE_DELETED';
}

/** The evidence that a call leaves; undefined if it leaves none. `path` is without `/api/dashboard/`. */
export function evidencedRoute(method: string, path: string): EvidencedRoute | undefined {
  for (const { method: wanted, pattern, action, makesJob } of ROUTES) {
    const match = method === wanted ? pattern.exec(path) : null;
    if (match !== null) return { action, makesJob, subjectId: match[1] };
  }
  return undefined;
}

/** An id for a column of type uuid; null for any other text, for which the api answers NOT_FOUND. */
export function asUuid(id: string | undefined): string | null {
  return id !== undefined && UUID.test(id) ? id.toLowerCase() : null;
}
