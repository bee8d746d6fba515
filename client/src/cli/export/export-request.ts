import { readFile } from 'node:fs/promises';
import { FILTER_FIELDS } from '../../../../contract/filter-fields.ts';
import type { EventQuery, NewExport } from '../../client.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { ExportOptions } from '../export-options.ts';
import { workspaceId } from '../workspace-id.ts';
import { metadataCondition } from './metadata-condition.ts';

type Filters = { -readonly [Name in keyof EventQuery]: EventQuery[Name] };

/**
 * Builds the export request from the options. The server validates it.
 * @throws CommandError if the filter file cannot be read, or a workspace is neither an id nor a known name
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

/** Unknown columns are rejected by the server, with their names. */
function csvOptions({ formulaGuard, bom = false, columns }: ExportOptions): Csv {
  if (columns === undefined) return { formulaGuard, bom };
  const names = columns.split(',').map((name) => name.trim());
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked by the server
  return { formulaGuard, bom, columns: names as NonNullable<Csv['columns']> };
}

/** A time range in the options replaces the one in the filter file, even if they use different fields. */
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

/** Whether a time is given as a date without a time of day. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

/** A date means 00:00 UTC of that day. */
function time(text: string): string {
  return isDate(text) ? `${text}T00:00:00Z` : text;
}

/** The exclusive end of the range: `--through` a day means the start of the next day. */
function endOf({ to, through }: ExportOptions): string | undefined {
  if (through === undefined) return to;
  if (to !== undefined)
    throw new CommandError(EXIT.usage, 'Use either --to or --through, not both.');
  const day = isDate(through) ? new Date(`${through}T00:00:00Z`) : undefined;
  // Date.parse turns a day that does not exist in its month into another day.
  if (day === undefined || Number.isNaN(day.getTime()) || !day.toISOString().startsWith(through))
    throw new CommandError(
      EXIT.usage,
      `--through ${through} is not a date. Use the form 2026-09-30, or --to for a time of day.`,
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
 * Sends a number as a string if a double would print it differently: a double would round 9007199254740993. The
 * server compares a string that contains a number by its numeric value.
 */
function keepDigits(_name: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  const isExact = Number.isSafeInteger(value) || String(value) === context.source;
  return isExact ? value : context.source;
}

function isObject(value: unknown): value is Filters {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
