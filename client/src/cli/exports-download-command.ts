import type { Command } from 'commander';
import { addConnectionOptions } from './connection-options.ts';
import type { ConnectionOptions } from './connection.ts';
import { CommandError, EXIT, EXIT_CODES_HELP, type ExitCode } from './exit-codes.ts';
import { runCommand } from './run-command.ts';

interface DownloadOptions extends ConnectionOptions {
  readonly output?: string;
  readonly json?: boolean;
}

/** `exhibit exports download ID` */
export function exportsDownloadCommand(exports: Command): void {
  const command = exports
    .command('download')
    .description('download the file of an export and check it; waits while the export is running')
    .argument('<job-id>')
    .option(
      '-o, --output <file>',
      'file, directory, FIFO or device to write to; - is standard output',
    )
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      `\nGoes on with FILE.part when an earlier try left one.\n${EXIT_CODES_HELP}`,
    );
  addConnectionOptions(command).action((jobId: string, options: DownloadOptions) =>
    runCommand(options, () => download(jobId, options)),
  );
}

async function download(jobId: string, options: DownloadOptions): Promise<ExitCode> {
  const { connect } = await import('./connection.ts');
  const { deliver } = await import('./export/deliver.ts');
  const { followJob, requireSuccess } = await import('./export/follow-job.ts');
  const { explainInterrupted } = await import('./export/run-export.ts');
  const { isStdout, outputTarget } = await import('./export/output-target.ts');
  const { Interrupts } = await import('./interrupts.ts');
  const { ProgressLine } = await import('./terminal/progress-line.ts');
  const { output, json = false } = options;
  if (isStdout(output) && json)
    throw new CommandError(EXIT.usage, '--json and -o - both want standard output; use one.');
  const { client } = await connect(options, process.env);
  await outputTarget(output);
  using interrupts = new Interrupts();
  using line = new ProgressLine();
  const { signal } = interrupts;
  // A job that somebody started on purpose is not canceled by leaving off waiting for its file.
  const job = await followJob(client, jobId, { line, signal }).catch((error: unknown) => {
    throw signal.aborted ? new CommandError(EXIT.interrupted, 'Interrupted.') : error;
  });
  requireSuccess(job);
  await deliver(client, job, { line, signal, output, json, resume: true }).catch(
    explainInterrupted(signal, job, output),
  );
  return EXIT.ok;
}
