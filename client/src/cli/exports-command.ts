import type { Command } from 'commander';
import { EXIT_CODES_HELP } from './exit-codes.ts';
import { exportsCancelCommand } from './exports-cancel-command.ts';
import { exportsDeleteFileCommand } from './exports-delete-file-command.ts';
import { exportsDownloadCommand } from './exports-download-command.ts';
import { exportsGetCommand } from './exports-get-command.ts';
import { exportsListCommand } from './exports-list-command.ts';

/** `exhibit exports …`: commands for existing export jobs. */
export function exportsCommand(program: Command): void {
  const exports = program
    .command('exports')
    .description('manage export jobs: list, get, cancel, download, delete-file')
    .addHelpText('after', EXIT_CODES_HELP);
  exportsListCommand(exports);
  exportsGetCommand(exports);
  exportsCancelCommand(exports);
  exportsDownloadCommand(exports);
  exportsDeleteFileCommand(exports);
}
