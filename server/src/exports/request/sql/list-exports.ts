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
  /** Jobs this user or key asked for. */
  readonly requestedById?: string | undefined;
  /** Jobs about this workspace, among others perhaps. */
  readonly workspaceId?: string | undefined;
  /** Jobs that repeat this one. */
  readonly rerunOf?: string | undefined;
  /** Jobs older than this one. */
  readonly before: string | undefined;
  readonly limit: number;
}

/** The jobs a caller sees, newest first: those whose workspaces are all theirs. Filters may have 1 MiB, so bytes are bounded. */
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

/** By time, not by id: the dashboard chooses ids of its own. Jobs are never deleted, so the one named is there. */
function olderThan(companyId: string, jobId: string) {
  return sql`(created_at, job_id) < (
    SELECT earlier.created_at, earlier.job_id FROM export_jobs earlier
    WHERE earlier.company_id = ${companyId} AND earlier.job_id = ${jobId})`;
}
