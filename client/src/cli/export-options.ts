import type { Command } from 'commander';
import { FILTER_FIELDS, type ListOption } from '../../../contract/filter-fields.ts';
import { PREVIOUS_PERIODS, type PreviousPeriod } from '../../../contract/time-range.ts';
import { addConnectionOptions } from './connection-options.ts';
import type { ConnectionOptions } from './connection.ts';
import { choice, repeated, wholeNumber } from './option-values.ts';

/** Filters that may be repeated, from the table of filters. */
type ListOptions = { readonly [Name in ListOption]?: readonly string[] };

export interface ExportOptions extends ConnectionOptions, ListOptions {
  readonly format: 'jsonl' | 'csv';
  readonly compression: 'none' | 'gzip' | 'zstd';
  readonly from?: string;
  readonly to?: string;
  readonly through?: string;
  readonly last?: string;
  readonly previous?: PreviousPeriod;
  readonly receivedFrom?: string;
  readonly receivedTo?: string;
  readonly metadata?: readonly string[];
  readonly search?: string;
  readonly filter?: string;
  readonly limit?: number;
  readonly purpose?: string;
  /** --no-formula-guard */
  readonly formulaGuard: boolean;
  readonly bom?: boolean;
  readonly columns?: string;
  readonly output?: string;
  readonly detach?: boolean;
  readonly json?: boolean;
}

/** The options of `exhibit export`. */
export function addExportOptions(command: Command): Command {
  command
    .addOption(choice('--format <format>', 'of the file', ['jsonl', 'csv']).default('jsonl'))
    .addOption(
      choice('--compression <kind>', 'of the file', ['none', 'gzip', 'zstd']).default('none'),
    )
    .option('--from <time>', 'events at or after it; RFC 3339, or a date (00:00 UTC)')
    .option(
      '--to <time>',
      'events before it, the end not included; a date is its 00:00 UTC, so that day is left out',
    )
    .option('--through <date>', 'events up to the end of this day in UTC, the day included')
    .option('--last <duration>', 'the time up to now, such as 30d or 24h')
    .addOption(choice('--previous <period>', 'the whole one before this', [...PREVIOUS_PERIODS]));
  for (const { option } of FILTER_FIELDS) command.option(flagsOf(option), option.help, repeated);
  command
    .option('--received-from <time>', 'received at or after it; RFC 3339, or a date in UTC')
    .option('--received-to <time>', 'received before it')
    .option(
      '--metadata <condition>',
      'path=value, path~part or path alone for any value; repeat for conditions that must all hold',
      repeated,
    )
    .option(
      '--search <text>',
      'in action, category, actor, resource, project, tags, trace, IP address or user agent',
    )
    .option('--filter <file>', 'an EventQuery as JSON; the options here win, field by field')
    .option('--limit <events>', 'at most so many', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option('--purpose <text>', 'why, or a ticket; kept with the job')
    .option('--no-formula-guard', 'CSV: leave cells that a spreadsheet would run as they are')
    .option('--bom', 'CSV: begin with a byte order mark, for old versions of Excel')
    .option(
      '--columns <names>',
      'CSV: these columns in this order, separated by commas, such as id,action,receivedAt,apiKeyId,apiKeyLabel',
    )
    .option(
      '-o, --output <file>',
      'file, directory, FIFO or device to write to; - is standard output; default: the name the server gives',
    )
    .option('--detach', 'print the id of the job and leave')
    .option('--json', 'the result as JSON');
  return addConnectionOptions(command);
}

/** `{ name: 'actorEmail', value: 'address' }` → `--actor-email <address>` */
function flagsOf({ name, value }: { readonly name: string; readonly value: string }): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} <${value}>`;
}
