import type { Command } from 'commander';
import { EXIT_CODES_HELP } from './exit-codes.ts';
import { addExportOptions, type ExportOptions } from './export-options.ts';
import { runCommand } from './run-command.ts';

const DETAILS = `
Writes to FILE.part, checks the SHA-256 and only then gives the file its name. A broken connection is taken
up again. Ctrl-C asks the server to cancel, a second one leaves at once.
${EXIT_CODES_HELP}`;

/** `exhibit export` */
export function exportCommand(program: Command): void {
  const command = program
    .command('export')
    .description('export events to a file: start the job, wait, download, check')
    .addHelpText('after', DETAILS);
  addExportOptions(command).action((options: ExportOptions) =>
    runCommand(options, async () => (await import('./export/run-export.ts')).runExport(options)),
  );
}
