import type { Command } from 'commander';

/** Adds the options that select server and key. A key is never an option: every local user can read arguments. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option(
      '--api-url <url>',
      'URL of the API; default: EXHIBIT_API_URL, then the config file, then this machine',
    )
    .option(
      '--demo [company]',
      'use the demo installation in EXHIBIT_HOME and its key; default: its first company',
    );
}
