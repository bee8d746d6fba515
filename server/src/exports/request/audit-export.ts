import type pg from 'pg';
import { type Actor, appendAudit, type RequestOrigin } from '../../tenancy/audit-log.ts';
import type { ExportJob } from '../export-job.ts';

/** Records who requested the export, from where and with which filters, in the transaction that creates the job. */
export async function auditCreation(
  client: pg.PoolClient,
  { actor, origin }: { readonly actor: Actor; readonly origin: RequestOrigin },
  job: ExportJob,
): Promise<void> {
  const { companyId, jobId, templateId, rerunOf } = job;
  const entry = { companyId, actor, origin };
  if (templateId !== null && rerunOf === null) {
    await appendAudit(client, {
      ...entry,
      action: 'EXPORT_TEMPLATE_RUN',
      subject: { type: 'export_template', id: templateId },
      details: { jobId },
    });
  }
  await appendAudit(client, {
    ...entry,
    action: rerunOf === null ? 'EXPORT_REQUESTED' : 'EXPORT_RERUN',
    subject: { type: 'export', id: jobId },
    details: {
      format: job.format,
      compression: job.compression,
      filters: job.filters,
      workspaceIds: job.workspaceIds,
      purpose: job.purpose,
      ...(job.savedExplorerViewId === null ? {} : { savedExplorerViewId: job.savedExplorerViewId }),
      ...(templateId === null ? {} : { templateId }),
      ...(rerunOf === null ? {} : { rerunOf }),
    },
  });
}
