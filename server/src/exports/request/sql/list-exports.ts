import { allOf } from '../../../events/query/event-filter.ts';
import { type Found, pageWithinBytes } from '../../../regions/page-within-bytes.ts';
import { type Queryable, query, sql } from '../../../regions/sql.ts';
import type { Scope } from '../../../tenancy/scope.ts';
import type { ExportJob } from '../../export-job.ts';
import type { ExportStatus } from '../../../../../contract/export-state.ts';
import type { ExportFormat } from '../../formats/format.ts';
import { exportJobColumns } from '../../run/sql/export-job-columns.ts';

interface ListExports {
  readonly scope: Scope;
  readonly status: readonly ExportStatus[] | undefined;
  readonly format: ExportFormat | undefined;
  /** Jobs requested by this user or key. */
  readonly requestedById?: string | undefined;
  /** Jobs that include this workspace. */
  readonly workspaceId?: string | undefined;
  /** Reruns of this job. */
  readonly rerunOf?: string | undefined;
  /** Jobs created before this one. */
  readonly before: string | undefined;
  readonly limit: number;
}

/**
 * Jobs that the caller may see, newest first: those with access to all workspaces of the job. Filters may have 1 MiB,
 * so the size of a page is bounded.
 */
export async function listExports(
  client: Queryable,
  list: ListExports,
): Promise<(ExportJob & Found)[]> {
  const { companyId, workspaces } = list.scope;
  const columns = await exportJobColumns(client);
  return query(
    client,
    pageWithinBytes(
      sql<ExportJob & { pageBytes: number }>`
      SELECT ${columns}, octet_length(filters::text) AS "pageBytes" FROM export_jobs
      WHERE ${allOf([
        sql`company_id = ${companyId}`,
        ...(workspaces.kind === 'all'
          ? []
          : [sql`workspace_ids <@ ${[...workspaces.workspaceIds]}::uuid[]`]),
        ...(list.status === undefined ? [] : [sql`status = ANY(${[...list.status]}::text[])`]),
        ...(list.format === undefined ? [] : [sql`format = ${list.format}`]),
        ...(list.requestedById === undefined ? [] : [sql`requested_by_id = ${list.requestedById}`]),
        ...(list.workspaceId === undefined
          ? []
          : [sql`workspace_ids @> ARRAY[${list.workspaceId}]::uuid[]`]),
        ...(list.rerunOf === undefined ? [] : [sql`rerun_of = ${list.rerunOf}`]),
        ...(list.before === undefined ? [] : [olderThan(companyId, list.before)]),
      ])}
      ORDER BY created_at DESC, job_id DESC
      LIMIT ${list.limit}`,
      sql`"createdAt" DESC, "jobId" DESC`,
    ),
  );
}

/**
 * Ordered by time and not by ID, because the dashboard chooses IDs. Jobs are never deleted, so the referenced job
 * exists.
 */
function olderThan(companyId: string, jobId: string) {
  return sql`(created_at, job_id) < (
    SELECT earlier.created_at, earlier.job_id FROM export_jobs earlier
    WHERE earlier.company_id = ${companyId} AND earlier.job_id = ${jobId})`;
}
