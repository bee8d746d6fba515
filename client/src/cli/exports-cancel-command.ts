import type { Command } from 'commander';
import { addConnectionOptions } from './connection-options.ts';
import type { ConnectionOptions } from './connection.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { runCommand } from './run-command.ts';

interface CancelOptions extends ConnectionOptions {
  readonly json?: boolean;
}

/** `exhibit exports cancel ID` */
export function exportsCancelCommand(exports: Command): void {
  const command = exports
    .command('cancel')
    .description('cancel an export and wait until it has stopped')
    .argument('<job-id>')
    .option('--json', 'print the job as JSON');
  addConnectionOptions(command).action((jobId: string, options: CancelOptions) =>
    runCommand(options, () => cancel(jobId, options)),
  );
}

async function cancel(jobId: string, options: CancelOptions): Promise<ExitCode> {
  const { connect } = await import('./connection.ts');
  const { cancelJob } = await import('./export/follow-job.ts');
  const { print } = await import('./terminal/print.ts');
  const { client } = await connect(options, process.env);
  const job = await cancelJob(client, jobId);
  print(options.json === true ? JSON.stringify(job) : `${job.jobId} is ${job.status}`);
  // The job may have ended before the request arrived.
  return job.status === 'canceled' ? EXIT.ok : EXIT.failed;
}
