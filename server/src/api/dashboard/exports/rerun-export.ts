import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../errors.ts';
import { csvSettings, type ExportJob } from '../../../exports/export-job.ts';
import { allows, exportState } from '../../../../../contract/export-state.ts';
import { requireUnderstood } from '../../../exports/request/require-understood.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { findVisibleExport } from '../../v1/exports/find-visible-export.ts';
import { dashboardCaller } from '../caller.ts';
import { type JobPlan, startJob } from './start-job.ts';

/** POST /dashboard/exports/:jobId/rerun: creates a job with the same parameters, within the caller's scope. */
export function rerunExportRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.post<{ Params: { jobId: string } }>(
    '/exports/:jobId/rerun',
    { schema: { hide: true } },
    async (request, reply) => {
      const caller = await dashboardCaller(deps, request, 'exports.rerun');
      const job = await findVisibleExport(caller.region, caller.scope, request.params.jobId);
      return startJob(deps, caller, [request, reply], {
        asked: { rerunOf: job.jobId },
        plan: () => Promise.resolve(planRerun(job)),
      });
    },
  );
}

function planRerun(job: ExportJob): JobPlan {
  if (!allows(job.status, 'rerun')) {
    const state = exportState(job.status).label.toLowerCase();
    throw new Problem(
      'EXPORT_NOT_RERUNNABLE',
      `This export is ${state}. Wait until it has ended, or cancel it first.`,
    );
  }
  const { format, compression, filters, purpose } = job;
  requireUnderstood({ noun: 'export', filters, format, compression });
  return {
    request: {
      format,
      compression,
      csv: csvSettings(job),
      filters,
      limit: job.rowLimit,
      purpose,
    },
    lineage: {
      savedExplorerViewId: job.savedExplorerViewId,
      templateId: job.templateId,
      rerunOf: job.jobId,
    },
    // The workspaces of the original job, even if its filters named none: later workspaces are not added.
    workspaceIds: job.workspaceIds,
  };
}
