import { allOf } from '../../events/event-filter.ts';
import { type Queryable, query, sql } from '../../regions/sql.ts';
import type { Scope } from '../../tenancy/scope.ts';
import { EXPORT_JOB_COLUMNS, type ExportJob } from '../export-job.ts';
import type { ExportStatus } from '../export-state.ts';
import type { ExportFormat } from '../formats/format.ts';

interface ListExports {
  readonly scope: Scope;
  readonly status: readonly ExportStatus[] | undefined;
  readonly format: ExportFormat | undefined;
  /** Jobs older than this one. */
  readonly before: string | undefined;
  readonly limit: number;
}

/** The jobs a caller sees, newest first: those whose workspaces are all theirs. */
export async function listExports(client: Queryable, list: ListExports): Promise<ExportJob[]> {
  const { companyId, workspaces } = list.scope;
  return query(
    client,
    sql<ExportJob>`
      SELECT ${EXPORT_JOB_COLUMNS} FROM export_jobs
      WHERE ${allOf([
        sql`company_id = ${companyId}`,
        ...(workspaces.kind === 'all'
          ? []
          : [sql`workspace_ids <@ ${[...workspaces.workspaceIds]}::uuid[]`]),
        ...(list.status === undefined ? [] : [sql`status = ANY(${[...list.status]}::text[])`]),
        ...(list.format === undefined ? [] : [sql`format = ${list.format}`]),
        ...(list.before === undefined ? [] : [sql`job_id < ${list.before}`]),
      ])}
      ORDER BY job_id DESC
      LIMIT ${list.limit}`,
  );
}
