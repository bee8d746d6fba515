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
    .addOption(choice('--format <format>', 'file format', ['jsonl', 'csv']).default('jsonl'))
    .addOption(
      choice('--compression <kind>', 'file compression', ['none', 'gzip', 'zstd']).default('none'),
    )
    .option('--from <time>', 'events at or after this time; RFC 3339, or a date (00:00 UTC)')
    .option(
      '--to <time>',
      'events before this time; a date means 00:00 UTC, so that day is not included',
    )
    .option('--through <date>', 'events up to and including this day (UTC)')
    .option('--last <duration>', 'events of this period up to now, such as 30d or 24h')
    .addOption(
      choice('--previous <period>', 'events of the previous calendar day, week or month (UTC)', [
        ...PREVIOUS_PERIODS,
      ]),
    );
  for (const { option } of FILTER_FIELDS) command.option(flagsOf(option), option.help, repeated);
  command
    .option(
      '--received-from <time>',
      'events received at or after this time; RFC 3339, or a date (00:00 UTC)',
    )
    .option('--received-to <time>', 'events received before this time')
    .option(
      '--metadata <condition>',
      'path=value (equals), path~text (contains) or path (has any value); if repeated, all must match',
      repeated,
    )
    .option(
      '--search <text>',
      'text in action, category, actor, resource, project, tags, trace, IP address or user agent',
    )
    .option(
      '--filter <file>',
      'JSON file with an EventQuery; options given here override its fields',
    )
    .option('--limit <events>', 'maximum number of events', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option('--purpose <text>', 'reason or ticket number, saved with the job')
    .option(
      '--no-formula-guard',
      'CSV: do not escape cells that a spreadsheet would run as formulas',
    )
    .option('--bom', 'CSV: start with a byte order mark, for older versions of Excel')
    .option(
      '--columns <names>',
      'CSV: comma-separated columns in this order, such as id,action,receivedAt,apiKeyId,apiKeyLabel',
    )
    .option(
      '-o, --output <file>',
      "file, directory, FIFO or device to write to, or - for standard output; default: the server's file name",
    )
    .option('--detach', 'print the job ID and exit without waiting')
    .option('--json', 'print the result as JSON');
  return addConnectionOptions(command);
}

/** `{ name: 'actorEmail', value: 'address' }` → `--actor-email <address>` */
function flagsOf({ name, value }: { readonly name: string; readonly value: string }): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} <${value}>`;
}
