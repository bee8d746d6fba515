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
    .description(
      'download the file of an export and verify it; waits for a running export to finish',
    )
    .argument('<job-id>')
    .option(
      '-o, --output <file>',
      'file, directory, FIFO or device to write to, or - for standard output',
    )
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `\nResumes from FILE.part if an earlier download was interrupted.\n${EXIT_CODES_HELP}`,
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
    throw new CommandError(
      EXIT.usage,
      '--json and -o - both write to standard output. Use only one of them.',
    );
  const { client } = await connect(options, process.env);
  await outputTarget(output);
  using interrupts = new Interrupts();
  using line = new ProgressLine();
  const { signal } = interrupts;
  // Ctrl-C only stops waiting for the file. It does not cancel the job.
  const job = await followJob(client, jobId, { line, signal }).catch((error: unknown) => {
    throw signal.aborted ? new CommandError(EXIT.interrupted, 'Interrupted.') : error;
  });
  requireSuccess(job);
  await deliver(client, job, { line, signal, output, json, resume: true }).catch(
    explainInterrupted(signal, job, output),
  );
  return EXIT.ok;
}
