import type { EventQuery } from '../api/event-query.ts';
import type { ExportJob } from '../api/exports.ts';
import { type EventSearch, searchOfQuery } from '../events/event-search.ts';

/** The explorer with a job's filters; the saved view is named when it still exists. */
export function explorerSearch(
  job: Pick<ExportJob, 'filters' | 'savedExplorerViewId'>,
  viewExists: boolean,
): EventSearch {
  const { savedExplorerViewId: view } = job;
  return {
    ...searchOfQuery(queryOfJob(job)),
    ...(view !== null && viewExists && { savedView: view }),
  };
}

/** A job's filters are a canonical EventQuery. */
export function queryOfJob({ filters }: Pick<ExportJob, 'filters'>): EventQuery {
  return filters;
}
