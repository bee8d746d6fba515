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
    .option('--json', 'as JSON');
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

/** Every field that has a value, a line each, in the api's words. */
async function describeJob(job: ExportJob): Promise<string> {
  const { table } = await import('./terminal/table.ts');
  const rows = Object.entries(job).flatMap(([name, value]) =>
    value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
  );
  const [first = [], ...others] = rows;
  return table(first, others);
}
