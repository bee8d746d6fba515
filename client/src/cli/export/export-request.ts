import { readFile } from 'node:fs/promises';
import { FILTER_FIELDS } from '../../../../contract/filter-fields.ts';
import type { EventQuery, NewExport } from '../../client.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { ExportOptions } from '../export-options.ts';
import { workspaceId } from '../workspace-id.ts';
import { metadataCondition } from './metadata-condition.ts';

type Filters = { -readonly [Name in keyof EventQuery]: EventQuery[Name] };

/**
 * What the options ask for; whether it is valid the server says.
 * @throws CommandError when the filter file cannot be read, or a workspace is neither id nor name
 */
export async function exportRequest(
  options: ExportOptions,
  workspaceNames: ReadonlyMap<string, string>,
): Promise<NewExport> {
  const filters: Filters = options.filter === undefined ? {} : await readFilter(options.filter);
  setTime(filters, options);
  if (options.workspace !== undefined) {
    delete filters.workspaceId;
    filters.workspaceIds = options.workspace.map((given) => workspaceId(given, workspaceNames));
  }
  for (const { option, field: list, single } of FILTER_FIELDS) {
    const values = options[option.name];
    if (values === undefined || list === 'workspaceIds') continue;
    delete filters[single];
    filters[list] = [...values];
  }
  if (options.metadata !== undefined) filters.metadata = options.metadata.map(metadataCondition);
  if (options.search !== undefined) filters.search = options.search;
  return {
    format: options.format === 'csv' ? 'CSV' : 'JSONL',
    compression: options.compression,
    csv: csvOptions(options),
    filters,
    ...(options.limit === undefined ? {} : { limit: options.limit }),
    ...(options.purpose === undefined ? {} : { purpose: options.purpose }),
  };
}

type Csv = NonNullable<NewExport['csv']>;

/** The server refuses columns that it does not know, by name. */
function csvOptions({ formulaGuard, bom = false, columns }: ExportOptions): Csv {
  if (columns === undefined) return { formulaGuard, bom };
  const names = columns.split(',').map((name) => name.trim());
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked by the server
  return { formulaGuard, bom, columns: names as NonNullable<Csv['columns']> };
}

/** A time range of the options replaces that of the filter file, whichever way each is written. */
function setTime(filters: Filters, options: ExportOptions): void {
  const { from, last, previous, receivedFrom, receivedTo } = options;
  const to = endOf(options);
  if (from !== undefined || to !== undefined) delete filters.range;
  if (last !== undefined || previous !== undefined) {
    delete filters.from;
    delete filters.to;
    filters.range = {
      ...(last === undefined ? {} : { last }),
      ...(previous === undefined ? {} : { previous }),
    };
  }
  if (from !== undefined) filters.from = time(from);
  if (to !== undefined) filters.to = time(to);
  if (receivedFrom !== undefined) filters.receivedFrom = time(receivedFrom);
  if (receivedTo !== undefined) filters.receivedTo = time(receivedTo);
}

const DAY_MS = 86_400_000;

/** Whether a time of the options is a date alone. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

/** A date is its first moment in UTC. */
function time(text: string): string {
  return isDate(text) ? `${text}T00:00:00Z` : text;
}

/** The end of the options, which is not included: `--through` a day ends where the next day starts. */
function endOf({ to, through }: ExportOptions): string | undefined {
  if (through === undefined) return to;
  if (to !== undefined)
    throw new CommandError(EXIT.usage, 'Give either --to or --through, not both.');
  const day = isDate(through) ? new Date(`${through}T00:00:00Z`) : undefined;
  // A day that its month does not have becomes another one.
  if (day === undefined || Number.isNaN(day.getTime()) || !day.toISOString().startsWith(through))
    throw new CommandError(
      EXIT.usage,
      `--through ${through} is not a date. Write it as 2026-09-30; for a time of day use --to.`,
    );
  return new Date(day.getTime() + DAY_MS).toISOString().slice(0, 10);
}

async function readFilter(path: string): Promise<Filters> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'), keepDigits);
    if (isObject(value)) return value;
    throw new Error('it must be a JSON object');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(EXIT.usage, `--filter ${path} cannot be used: ${reason}`, {
      cause: error,
    });
  }
}

/**
 * A number that is written in another way than a double prints it is sent as the text of its digits: a double would
 * round 9007199254740993, and the server compares such a text by its value.
 */
function keepDigits(_name: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  const isExact = Number.isSafeInteger(value) || String(value) === context.source;
  return isExact ? value : context.source;
}

function isObject(value: unknown): value is Filters {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
