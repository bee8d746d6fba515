import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { Problem } from '../../errors.ts';
import type { Queryable } from '../../regions/sql.ts';
import { inCompany } from '../../regions/transaction.ts';
import { type Actor, appendAudit, type RequestOrigin } from '../../tenancy/audit-log.ts';
import type { ExportJob } from '../export-job.ts';
import { exportState, isTerminal } from '../../../../contract/export-state.ts';
import { cancelPendingExport } from './sql/cancel-pending-export.ts';
import { findExport } from './sql/find-export.ts';
import { requestCancel } from './sql/request-cancel.ts';

/** A worker stops within about a second. The response waits this long and then returns the job as still running. */
const SETTLE_MS = 3_000;
const POLL_MS = 100;

interface CancelExport {
  readonly job: ExportJob;
  readonly actor: Actor;
  readonly origin: RequestOrigin;
}

/**
 * Cancels a job. A pending job is canceled immediately. For a running job its worker is notified, which stops the
 * query and removes the file before the job becomes `canceled`. @throws Problem EXPORT_NOT_CANCELABLE if the job is
 * in a terminal state
 */
export async function cancelExport(
  pool: pg.Pool,
  { job, actor, origin }: CancelExport,
): Promise<ExportJob> {
  const { companyId, jobId } = job;
  const accepted = await inCompany(pool, companyId, async (client) => {
    if (!(await cancelOrAsk(client, job))) return false;
    await appendAudit(client, {
      companyId,
      actor,
      origin,
      action: 'EXPORT_CANCELED',
      subject: { type: 'export', id: jobId },
      details: {},
    });
    return true;
  });
  const read = () => inCompany(pool, companyId, (client) => findExport(client, companyId, jobId));
  const deadline = performance.now() + SETTLE_MS;
  let current = (await read()) ?? job;
  if (!accepted) throw notCancelable(current);
  while (!isTerminal(current.status) && performance.now() < deadline) {
    await wait(POLL_MS);
    current = (await read()) ?? current;
  }
  return current;
}

/** False if the job has ended. Between two queries it may move from pending to running and back. */
async function cancelOrAsk(client: Queryable, { companyId, jobId }: ExportJob): Promise<boolean> {
  for (;;) {
    if (await cancelPendingExport(client, companyId, jobId)) return true;
    if (await requestCancel(client, companyId, jobId)) return true;
    const now = await findExport(client, companyId, jobId);
    if (now === undefined || isTerminal(now.status)) return false;
  }
}

function notCancelable({ status }: ExportJob): Problem {
  const state = exportState(status).label.toLowerCase();
  return new Problem(
    'EXPORT_NOT_CANCELABLE',
    `This export has already ${state === 'canceled' ? 'been canceled' : state}.`,
  );
}
