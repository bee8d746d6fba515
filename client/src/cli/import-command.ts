import type { Command } from 'commander';
import { addConnectionOptions } from './connection-options.ts';
import type { ConnectionOptions } from './connection.ts';
import { EXIT_CODES_HELP, type ExitCode } from './exit-codes.ts';
import { wholeNumber } from './option-values.ts';
import { runCommand } from './run-command.ts';

interface ImportOptions extends ConnectionOptions {
  readonly workspace?: string;
  readonly source?: string;
  readonly batch: number;
  readonly concurrency: number;
  readonly rejects?: string;
  readonly json?: boolean;
}

const DETAILS = `
Each line is one event, as in POST /v1/events, and is sent byte for byte. Lines without an idempotencyKey get one
derived from the line, its number and the file's first event, so importing a file again creates no duplicates.
${EXIT_CODES_HELP}`;

/** `exhibit import FILE…` */
export function importCommand(program: Command): void {
  const command = program
    .command('import')
    .description('import events from JSONL files, also compressed with gzip or zstd')
    .argument('<file...>', 'files to import; - is standard input')
    .option('--workspace <id>', 'workspace for lines that do not name one')
    .option(
      '--source <name>',
      'name that makes equal lines in different files distinct; default: the first event',
    )
    .option('--batch <lines>', 'lines per request, 1 to 1000', wholeNumber(1, 1000), 1000)
    .option('--concurrency <requests>', 'concurrent requests, 1 to 32', wholeNumber(1, 32), 4)
    .option('--rejects <file>', 'write rejected lines to this file, as JSONL')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', DETAILS);
  addConnectionOptions(command).action((files: string[], options: ImportOptions) =>
    runCommand(options, () => run(files, options)),
  );
}

async function run(files: readonly string[], options: ImportOptions): Promise<ExitCode> {
  const { connect } = await import('./connection.ts');
  const { importFiles } = await import('./import/import-files.ts');
  const { describeImport } = await import('./import/import-progress.ts');
  const { Interrupts } = await import('./interrupts.ts');
  const { print } = await import('./terminal/print.ts');
  const { workspaceId } = await import('./workspace-id.ts');
  const { client, patientClient, workspaceNames } = await connect(options, process.env);
  // Detect a wrong key or URL before reading any file.
  await client.keys.status();
  using interrupts = new Interrupts();
  const { report, seconds, exitCode } = await importFiles({
    client: patientClient,
    files,
    workspaceId:
      options.workspace === undefined ? undefined : workspaceId(options.workspace, workspaceNames),
    source: options.source,
    batch: options.batch,
    concurrency: options.concurrency,
    rejects: options.rejects,
    interrupts,
  });
  if (options.json === true)
    print(JSON.stringify({ ...report.json(files.length), seconds: Number(seconds.toFixed(3)) }));
  else print(describeImport(report, files.length, seconds));
  return exitCode;
}
