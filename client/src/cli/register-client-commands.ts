import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { exportCommand } from './export-command.ts';
import { exportsCommand } from './exports-command.ts';
import { completeFiles } from './complete-files.ts';
import { EXIT } from './exit-codes.ts';
import { importCommand } from './import-command.ts';
import { redact } from './redact.ts';

const FILE_OPTIONS = [
  ['import', 'rejects'],
  ['export', 'output'],
  ['export', 'filter'],
  ['exports download', 'output'],
] as const;

/**
 * Adds `import`, `export`, `exports …` and `completion` to the program. Call it last: shell completion covers only
 * commands that are already registered.
 */
export function registerClientCommands(program: Command): void {
  importCommand(program);
  exportCommand(program);
  exportsCommand(program);
  const completion = tab(program, { completionCommandName: 'completion' });
  for (const [command, option] of FILE_OPTIONS) {
    const target = completion.commands.get(command)?.options.get(option);
    if (target !== undefined) target.handler = completeFiles;
  }
  const files = completion.commands.get('import')?.arguments.get('file');
  if (files !== undefined) files.handler = completeFiles;
}

/**
 * Makes wrong usage exit with 2 instead of 1 and redacts API keys in the message. Commands inherit this setting, so
 * call it before adding them.
 */
export function handleUsageErrors(program: Command): Command {
  return program
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.ok : EXIT.usage))
    .configureOutput({ outputError: (text, write) => write(redact(text)) });
}
