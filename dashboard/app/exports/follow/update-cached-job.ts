import type { ExportJob } from '../../api/exports.ts';
import type { List } from '../../api/list.ts';
import { queryClient } from '../../api/query-client.ts';

/** Updates a job in every cached list that contains it. Other lists change with their next load. */
export function updateCachedJob(job: ExportJob): void {
  queryClient.setQueriesData<List<ExportJob>>({ queryKey: ['exports', 'list'] }, (list) => {
    if (list === undefined) return undefined;
    const known = list.data.find(({ jobId }) => jobId === job.jobId);
    if (known === undefined || sameState(known, job)) return list;
    return { ...list, data: list.data.map((other) => (other.jobId === job.jobId ? job : other)) };
  });
}

function sameState(a: ExportJob, b: ExportJob): boolean {
  return (
    a.status === b.status &&
    a.rowsExported === b.rowsExported &&
    a.cancelRequestedAt === b.cancelRequestedAt &&
    a.attempt === b.attempt &&
    a.artifactDeletedAt === b.artifactDeletedAt &&
    a.waitingFor?.code === b.waitingFor?.code
  );
}
