import type { Command } from 'commander';
import { EXIT_CODES_HELP } from './exit-codes.ts';
import { addExportOptions, type ExportOptions } from './export-options.ts';
import { runCommand } from './run-command.ts';

const DETAILS = `
Downloads to FILE.part, verifies the SHA-256 and then renames the file. Interrupted downloads are resumed.
Press Ctrl-C to cancel the export, and again to exit without waiting.
${EXIT_CODES_HELP}`;

/** `exhibit export` */
export function exportCommand(program: Command): void {
  const command = program
    .command('export')
    .description(
      'export events to a file: start the job, wait for it, download the file and verify it',
    )
    .addHelpText('after', DETAILS);
  addExportOptions(command).action((options: ExportOptions) =>
    runCommand(options, async () => (await import('./export/run-export.ts')).runExport(options)),
  );
}
