import { inCompany } from '../regions/transaction.ts';
import { artifactKey } from './artifact-key.ts';
import type { Attempt } from './attempt.ts';
import { enqueueExport } from './enqueue-export.ts';
import type { ExportDeps } from './export-deps.ts';
import { EXPORT_FAILURES, failureCodeOf } from './export-failure.ts';
import { cancelRunningExport } from './sql/cancel-running-export.ts';
import { MOST_ATTEMPTS } from './sql/claim-export.ts';
import { failExport } from './sql/fail-export.ts';
import { findExport } from './sql/find-export.ts';
import { releaseExport } from './sql/release-export.ts';

/** Wait before the next attempt after a transient failure, by attempts made. */
const RETRY_DELAY_SECONDS = [0, 1, 5];

/**
 * Ends an attempt that did not publish: removes what it stored, then moves the job on. Every move is
 * conditional on the attempt's lease; when it is lost the job is somebody else's and only the file goes.
 */
export async function settleAttempt(
  deps: ExportDeps,
  attempt: Attempt,
  error: unknown,
): Promise<void> {
  const { pool, store, log } = deps;
  const { companyId, jobId, lease } = attempt.job;
  await store.delete(artifactKey(attempt.job));
  const canceled = await inCompany(pool, companyId, (client) =>
    cancelRunningExport(client, companyId, jobId, lease),
  );
  if (canceled) {
    log.info({ jobId, lease }, 'export canceled');
  } else if (attempt.stopReason === 'stopping') {
    await handBack(deps, attempt, { refundAttempt: true, delaySeconds: 0 });
    log.info({ jobId, lease }, 'export handed back');
  } else if (attempt.stopReason !== undefined) {
    log.warn({ jobId, lease, reason: attempt.stopReason }, 'export attempt given up');
  } else {
    await failOrRetry(deps, attempt, error);
  }
}

async function failOrRetry(deps: ExportDeps, attempt: Attempt, error: unknown): Promise<void> {
  const { pool, log } = deps;
  const { companyId, jobId, lease, attempt: made } = attempt.job;
  const current = await inCompany(pool, companyId, (client) =>
    findExport(client, companyId, jobId),
  );
  if (current?.lease !== lease) return;
  const failureCode = failureCodeOf(error);
  log.error({ jobId, lease, attempt: made, failureCode, err: error }, 'export attempt failed');
  if (EXPORT_FAILURES[failureCode].transient && made < MOST_ATTEMPTS) {
    await handBack(deps, attempt, {
      refundAttempt: false,
      delaySeconds: RETRY_DELAY_SECONDS[made] ?? 5,
    });
  } else {
    await inCompany(pool, companyId, (client) =>
      failExport(client, { companyId, jobId, lease, failureCode }),
    );
  }
}

async function handBack(
  { pool, queue }: ExportDeps,
  { job: { companyId, jobId, lease } }: Attempt,
  { refundAttempt, delaySeconds }: { refundAttempt: boolean; delaySeconds: number },
): Promise<void> {
  await inCompany(pool, companyId, async (client) => {
    if (!(await releaseExport(client, { companyId, jobId, lease, refundAttempt }))) return;
    await enqueueExport(queue, client, { companyId, jobId }, delaySeconds);
  });
}
