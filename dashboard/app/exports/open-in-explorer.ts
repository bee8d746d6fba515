import type { EventQuery } from '../api/event-query.ts';
import type { ExportJob } from '../api/exports.ts';
import { type EventSearch, searchOfQuery } from '../events/event-search.ts';

/** The explorer search for a job's filters. It references the saved view if that still exists. */
export function explorerSearch(
  job: Pick<ExportJob, 'filters' | 'savedExplorerViewId' | 'workspaceIds'>,
  viewExists: boolean,
): EventSearch {
  const { savedExplorerViewId: view } = job;
  return searchOfQuery(queryOfJob(job), viewExists ? (view ?? undefined) : undefined);
}

/**
 * The scope of a job as a filter. A request without workspaces covered those of its requester (such as an API key's
 * only workspace), so they are added here: otherwise the filter would cover the workspaces of the user who opens it.
 */
export function queryOfJob({
  filters,
  workspaceIds,
}: Pick<ExportJob, 'filters' | 'workspaceIds'>): EventQuery {
  return 'workspaceIds' in filters ? filters : { ...filters, workspaceIds };
}
