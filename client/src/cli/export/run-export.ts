import type { Client, ExportJob } from '../../client.ts';
import { connect } from '../connection.ts';
import { CommandError, EXIT, type ExitCode } from '../exit-codes.ts';
import type { ExportOptions } from '../export-options.ts';
import { Interrupts } from '../interrupts.ts';
import { note, print } from '../terminal/print.ts';
import { ProgressLine } from '../terminal/progress-line.ts';
import { deliver } from './deliver.ts';
import { exportRequest, isDate } from './export-request.ts';
import { cancelJob, followJob, requireSuccess } from './follow-job.ts';
import { isStdout, outputTarget } from './output-target.ts';

/** Starts an export, waits for it and downloads its file. */
export async function runExport(options: ExportOptions): Promise<ExitCode> {
  if (isStdout(options.output) && options.json === true)
    throw new CommandError(
      EXIT.usage,
      '--json and -o - both write to standard output. Use only one of them.',
    );
  const { client, workspaceNames } = await connect(options, process.env);
  const request = await exportRequest(options, workspaceNames);
  // Check the target before the export is created, not after it has run.
  if (options.detach !== true) await outputTarget(options.output);
  noteExcludedDay(options);
  using interrupts = new Interrupts();
  const created = await client.exports.create(request);
  if (options.detach === true) {
    print(options.json === true ? JSON.stringify({ job: created }) : created.jobId);
    return EXIT.ok;
  }
  using line = new ProgressLine();
  const { signal } = interrupts;
  const follow = { line, signal };
  const job = await followJob(client, created.jobId, follow).catch(unlessInterrupted(signal));
  if (job === undefined) {
    line.clear();
    // Await here: returning the promise would dispose `interrupts` before a second Ctrl-C.
    return await cancelInterrupted(client, created.jobId, options);
  }
  requireSuccess(job);
  const delivery = {
    ...follow,
    output: options.output,
    resume: false,
    json: options.json === true,
  };
  await deliver(client, job, delivery).catch(explainInterrupted(signal, job, options.output));
  return EXIT.ok;
}

/** Warns that `--to` excludes the day it names, because people expect it to be included. */
function noteExcludedDay({ to }: ExportOptions): void {
  if (to !== undefined && isDate(to))
    note(
      `--to ${to} is not included: the export ends before that day starts in UTC. To include the day, use --through ${to}.`,
    );
}

function unlessInterrupted(signal: AbortSignal): (error: unknown) => undefined {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}

async function cancelInterrupted(
  client: Client,
  jobId: string,
  { json }: ExportOptions,
): Promise<ExitCode> {
  note(`Canceling export ${jobId}. Press Ctrl-C again to exit without waiting.`);
  // If the job ended in the meantime, it can no longer be canceled.
  const job = await cancelJob(client, jobId).catch(() => client.exports.get(jobId));
  if (json === true) print(JSON.stringify({ job }));
  note(`The export ended with status ${job.status}.`);
  return EXIT.interrupted;
}

/** Interrupted during the download: the export has finished and its file can still be downloaded. */
export function explainInterrupted(
  signal: AbortSignal,
  { jobId }: ExportJob,
  output: string | undefined,
): (error: unknown) => never {
  return (error) => {
    if (!signal.aborted) throw error;
    const to = output === undefined || isStdout(output) ? '' : ` -o ${output}`;
    throw new CommandError(
      EXIT.interrupted,
      `Interrupted. The export has finished. To resume the download, run: exhibit exports download ${jobId}${to}`,
      { cause: error },
    );
  };
}
