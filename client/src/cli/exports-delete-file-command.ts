import type { Command } from 'commander';
import { addConnectionOptions } from './connection-options.ts';
import type { ConnectionOptions } from './connection.ts';
import { CommandError, EXIT, type ExitCode } from './exit-codes.ts';
import { runCommand } from './run-command.ts';

interface DeleteFileOptions extends ConnectionOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `exhibit exports delete-file ID --yes` */
export function exportsDeleteFileCommand(exports: Command): void {
  const command = exports
    .command('delete-file')
    .description('permanently delete the file of an export; the job and its digests are kept')
    .argument('<job-id>')
    .option('--yes', 'confirm the deletion; required, because it cannot be undone')
    .option('--json', 'print the job as JSON');
  addConnectionOptions(command).action((jobId: string, options: DeleteFileOptions) =>
    runCommand(options, () => deleteFile(jobId, options)),
  );
}

async function deleteFile(jobId: string, options: DeleteFileOptions): Promise<ExitCode> {
  if (options.yes !== true)
    throw new CommandError(
      EXIT.usage,
      'A deleted file cannot be restored. Add --yes to delete it.',
    );
  const { connect } = await import('./connection.ts');
  const { print } = await import('./terminal/print.ts');
  const { client } = await connect(options, process.env);
  const job = await client.exports.deleteFile(jobId);
  print(options.json === true ? JSON.stringify(job) : `deleted the file of ${job.jobId}`);
  return EXIT.ok;
}
