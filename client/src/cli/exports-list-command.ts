import type { Command } from 'commander';
import type { ExportJob, ExportListQuery, ExportStatus } from '../client.ts';
import { addConnectionOptions } from './connection-options.ts';
import type { ConnectionOptions } from './connection.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { choice, repeated, wholeNumber } from './option-values.ts';
import { runCommand } from './run-command.ts';

interface ListOptions extends ConnectionOptions {
  readonly status?: readonly ExportStatus[];
  readonly format?: 'jsonl' | 'csv';
  readonly limit: number;
  readonly json?: boolean;
}

const MAX_PAGE_SIZE = 200;

/** `exhibit exports list` */
export function exportsListCommand(exports: Command): void {
  const command = exports
    .command('list')
    .description('list export jobs, newest first')
    .option('--status <status>', 'only jobs with this status; can be repeated', repeated)
    .addOption(choice('--format <format>', 'only jobs of this format', ['jsonl', 'csv']))
    .option('--limit <jobs>', 'maximum number of jobs', wholeNumber(1, 1_000_000), 20)
    .option('--json', 'print the jobs as a JSON array');
  addConnectionOptions(command).action((options: ListOptions) =>
    runCommand(options, () => list(options)),
  );
}

async function list({ status, format, limit, json, ...options }: ListOptions): Promise<ExitCode> {
  const { connect } = await import('./connection.ts');
  const { print } = await import('./terminal/print.ts');
  const { client } = await connect(options, process.env);
  const query: ExportListQuery = {
    limit: Math.min(limit, MAX_PAGE_SIZE),
    ...(status === undefined ? {} : { status: [...status] }),
    ...(format === undefined ? {} : { format: format === 'csv' ? 'CSV' : 'JSONL' }),
  };
  const jobs: ExportJob[] = [];
  for await (const job of client.exports.list(query)) if (jobs.push(job) >= limit) break;
  if (json === true) print(JSON.stringify(jobs));
  else print(await asTable(jobs));
  return EXIT.ok;
}

async function asTable(jobs: readonly ExportJob[]): Promise<string> {
  const { formatTable } = await import('./terminal/format-table.ts');
  const { formatCount } = await import('./terminal/format-count.ts');
  const { default: prettyBytes } = await import('pretty-bytes');
  const rows = jobs.map((job) => [
    job.jobId,
    job.status,
    job.compression === 'none' ? job.format : `${job.format} ${job.compression}`,
    formatCount(job.rowsExported),
    job.bytes === null ? '' : prettyBytes(job.bytes),
    job.createdAt,
    job.requestedBy.label,
  ]);
  return formatTable(['job', 'status', 'format', 'rows', 'size', 'created', 'requested by'], rows);
}
