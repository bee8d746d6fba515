import type { Command } from 'commander';
import type { ExportJob } from '../client.ts';
import { addConnectionOptions } from './connection-options.ts';
import type { ConnectionOptions } from './connection.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { runCommand } from './run-command.ts';

interface GetOptions extends ConnectionOptions {
  readonly json?: boolean;
}

/** `exhibit exports get ID` */
export function exportsGetCommand(exports: Command): void {
  const command = exports
    .command('get')
    .description('show an export job')
    .argument('<job-id>')
    .option('--json', 'print the job as JSON');
  addConnectionOptions(command).action((jobId: string, options: GetOptions) =>
    runCommand(options, () => get(jobId, options)),
  );
}

async function get(jobId: string, options: GetOptions): Promise<ExitCode> {
  const { connect } = await import('./connection.ts');
  const { print } = await import('./terminal/print.ts');
  const { client } = await connect(options, process.env);
  const job = await client.exports.get(jobId);
  print(options.json === true ? JSON.stringify(job) : await describeJob(job));
  return EXIT.ok;
}

/** One line per field that has a value, with the API's field names. */
async function describeJob(job: ExportJob): Promise<string> {
  const { formatTable } = await import('./terminal/format-table.ts');
  const rows = Object.entries(job).flatMap(([name, value]) =>
    value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
  );
  const [first = [], ...others] = rows;
  return formatTable(first, others);
}
