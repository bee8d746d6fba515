import type { Command } from 'commander';

/** Where to and as whom. There is no option for a key: arguments are seen by every user of the machine. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option('--api-url <url>', 'the api; default: EXHIBIT_API_URL, the config file, this machine')
    .option(
      '--demo [company]',
      'use the demo of EXHIBIT_HOME and its key; default: the first company',
    );
}
