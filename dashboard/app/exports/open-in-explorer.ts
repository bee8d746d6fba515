import type { EventQuery } from '../api/event-query.ts';
import type { ExportJob } from '../api/exports.ts';
import { type EventSearch, searchOfQuery } from '../events/event-search.ts';

/** The explorer with a job's filters; the saved view is named when it still exists. */
export function explorerSearch(
  job: Pick<ExportJob, 'filters' | 'savedExplorerViewId' | 'workspaceIds'>,
  viewExists: boolean,
): EventSearch {
  const { savedExplorerViewId: view } = job;
  return searchOfQuery(queryOfJob(job), viewExists ? (view ?? undefined) : undefined);
}

/**
 * What a job covers, as a filter. One that named no workspace covered those of whoever asked, such as a key's
 * one: they are said here, or whoever opens it would cover their own.
 */
export function queryOfJob({
  filters,
  workspaceIds,
}: Pick<ExportJob, 'filters' | 'workspaceIds'>): EventQuery {
  return 'workspaceIds' in filters ? filters : { ...filters, workspaceIds };
}
