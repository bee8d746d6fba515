import type { Client, ExportJob } from '../../client.ts';
import { hasEnded } from '../../export-job.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { counted, describeProgress } from '../terminal/describe-progress.ts';
import type { ProgressLine } from '../terminal/progress-line.ts';
import { Rate } from '../terminal/rate.ts';

/** Waits for a job and shows its progress. Rejects with the signal's reason if the signal is aborted. */
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

/** The number of rows to expect: the count, capped at the limit. */
function rowsToCome({ rowsExpected, limit }: ExportJob): number | undefined {
  if (rowsExpected === null) return undefined;
  return limit === null ? rowsExpected : Math.min(rowsExpected, limit);
}

/** Requests cancellation of a job and waits until the job has ended with any status. */
export async function cancelJob(client: Client, jobId: string): Promise<ExportJob> {
  const job = await client.exports.cancel(jobId);
  return hasEnded(job) ? job : client.exports.wait(jobId);
}

/** @throws CommandError if the job ended without a file */
export function requireSuccess(job: ExportJob): void {
  if (job.status === 'succeeded') return;
  const reason =
    job.status === 'canceled'
      ? 'was canceled.'
      : `failed (${job.failureCode ?? 'no code'}): ${job.failureSummary ?? ''} ${job.retryHint ?? ''}`;
  throw new CommandError(EXIT.failed, `Export ${job.jobId} ${reason.trim()}`);
}
