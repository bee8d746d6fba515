import type { Client, ExportJob } from '../../client.ts';
import { hasEnded } from '../../export-job.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { counted, describeProgress } from '../terminal/describe-progress.ts';
import type { ProgressLine } from '../terminal/progress-line.ts';
import { Rate } from '../terminal/rate.ts';

/** Waits for a job and shows how far it is. Rejects with the signal's reason when it is aborted. */
export async function followJob(
  client: Client,
  jobId: string,
  { line, signal }: { readonly line: ProgressLine; readonly signal: AbortSignal },
): Promise<ExportJob> {
  const rate = new Rate();
  const onProgress = (job: ExportJob) => {
    rate.add(job.rowsExported);
    line.update(() => describeJob(job, rate));
  };
  const job = await client.exports.wait(jobId, { signal, onProgress });
  line.clear();
  return job;
}

function describeJob(job: ExportJob, rate: Rate): string {
  if (job.waitingFor) return `waiting: ${job.waitingFor.reason}`;
  if (job.status === 'pending') return 'waiting for a worker';
  return describeProgress({
    label: 'exporting',
    done: job.rowsExported,
    total: rowsToCome(job),
    rate,
    unit: counted('rows'),
  });
}

/** The limit cuts what was counted. */
function rowsToCome({ rowsExpected, limit }: ExportJob): number | undefined {
  if (rowsExpected === null) return undefined;
  return limit === null ? rowsExpected : Math.min(rowsExpected, limit);
}

/** Asks for a job to be canceled and waits until it has ended, however. */
export async function cancelJob(client: Client, jobId: string): Promise<ExportJob> {
  const job = await client.exports.cancel(jobId);
  return hasEnded(job) ? job : client.exports.wait(jobId);
}

/** @throws CommandError unless there is a file */
export function requireSuccess(job: ExportJob): void {
  if (job.status === 'succeeded') return;
  const reason =
    job.status === 'canceled'
      ? 'was canceled.'
      : `failed (${job.failureCode ?? 'no code'}): ${job.failureSummary ?? ''} ${job.retryHint ?? ''}`;
  throw new CommandError(EXIT.failed, `Export ${job.jobId} ${reason.trim()}`);
}
