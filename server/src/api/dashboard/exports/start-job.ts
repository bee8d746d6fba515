import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../../errors.ts';
import { type CreateExport, createExport } from '../../../exports/request/create-export.ts';
import { findRepeatedExport } from '../../../exports/request/idempotent-export.ts';
import { type ExportJob, exportJobJson } from '../../../exports/export-job.ts';
import { covers } from '../../../tenancy/scope.ts';
import type { ApiDeps } from '../../api-deps.ts';
import { idempotencyKey } from '../../idempotency-key.ts';
import type { DashboardCaller } from '../caller.ts';
import { isUuid } from '../../../tenancy/is-uuid.ts';

/** The parameters of a new job. */
export type JobPlan = Pick<CreateExport, 'request' | 'lineage' | 'workspaceIds'>;

interface StartJob {
  /** A repeated request must equal this. It is the request itself: the filters it resolves to may have changed since. */
  readonly asked: unknown;
  readonly plan: () => Promise<JobPlan>;
}

/**
 * Responds with 201 and a new job, or with 200 and the job that the same Idempotency-Key created before. A key that is a
 * UUID becomes the job's id: the dashboard writes its evidence first and needs the id for that.
 * @throws Problem the problems of createExport and of the plan
 */
export async function startJob(
  deps: ApiDeps,
  { scope, actor, origin, region }: DashboardCaller,
  [request, reply]: readonly [FastifyRequest, FastifyReply],
  { asked, plan }: StartJob,
): Promise<FastifyReply> {
  const given = idempotencyKey(request);
  const jobId = given !== undefined && isUuid(given) ? given.toLowerCase() : undefined;
  const repeatable = { scope, actor, asked, idempotencyKey: jobId ?? given };
  const earlier = await findRepeatedExport(region.pool, repeatable);
  if (earlier !== undefined) {
    if (!covers(scope, earlier.workspaceIds))
      throw new Problem(
        'WORKSPACE_FORBIDDEN',
        'You no longer have access to a workspace of this export.',
      );
    return answer(reply, earlier, 200);
  }
  const { job, replayed } = await createExport(
    {
      pool: region.pool,
      queue: region.queue,
      maxRows: deps.settings.exportMaxRows,
      maxRunning: deps.settings.exportMaxRunning,
      maxPending: deps.settings.quotas?.pendingExports,
      maxArtifactBytes: deps.settings.quotas?.artifactBytes,
    },
    { ...repeatable, ...(await plan()), origin, jobId },
  );
  return answer(reply, job, replayed ? 200 : 201);
}

function answer(reply: FastifyReply, job: ExportJob, status: number): FastifyReply {
  return reply
    .code(status)
    .header('location', `/dashboard/exports/${job.jobId}`)
    .send(exportJobJson(job));
}
