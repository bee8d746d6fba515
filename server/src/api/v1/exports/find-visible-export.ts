import { Problem } from '../../../errors.ts';
import type { ExportJob } from '../../../exports/export-job.ts';
import { findExport } from '../../../exports/request/sql/find-export.ts';
import { inCompany } from '../../../regions/transaction.ts';
import { isUuid } from '../../../tenancy/is-uuid.ts';
import { covers, type Scope } from '../../../tenancy/scope.ts';
import type { ApiRegion } from '../../api-deps.ts';

/**
 * Returns the job with this id if the caller may see it.
 * @throws Problem NOT_FOUND for a malformed id, an unknown id and another tenant's job alike
 */
export async function findVisibleExport(
  { pool }: ApiRegion,
  scope: Scope,
  jobId: string,
): Promise<ExportJob> {
  const job = isUuid(jobId)
    ? await inCompany(pool, scope.companyId, (client) =>
        findExport(client, scope.companyId, jobId.toLowerCase()),
      )
    : undefined;
  if (job === undefined || !covers(scope, job.workspaceIds))
    throw new Problem('NOT_FOUND', 'There is no export with this id.');
  return job;
}
