import { type RawBuilder, sql } from '../../regions/sql.ts';

interface CsvOptions {
  readonly formulaGuard: boolean;
  readonly bom: boolean;
}

interface Column {
  readonly header: string;
  /** The stored column: trimmed for filtering. */
  readonly stored: string;
  /** Where the value as sent is in the line, for the few rows in which trimming changed something. */
  readonly path?: readonly string[];
  /** Whether a cell can begin with a formula character; ids, times and JSON cannot. */
  readonly text?: boolean;
}

// The header is contract: names and order (DESIGN 5).
const COLUMNS: readonly Column[] = [
  { header: 'id', stored: 'id' },
  { header: 'timestamp', stored: 'timestamp' },
  { header: 'workspaceId', stored: 'workspace_id' },
  { header: 'projectId', stored: 'project_id', path: ['projectId'], text: true },
  { header: 'category', stored: 'category', path: ['category'], text: true },
  { header: 'action', stored: 'action', path: ['action'], text: true },
  { header: 'actorId', stored: 'actor_id', path: ['actor', 'id'], text: true },
  { header: 'actorEmail', stored: 'actor_email', path: ['actor', 'email'], text: true },
  { header: 'actorRole', stored: 'actor_role', path: ['actor', 'role'], text: true },
  { header: 'resourceType', stored: 'resource_type', path: ['resource', 'type'], text: true },
  { header: 'resourceId', stored: 'resource_id', path: ['resource', 'id'], text: true },
  { header: 'metadata', stored: 'metadata' },
  { header: 'tags', stored: 'tags', path: ['tags'] },
  { header: 'traceId', stored: 'trace_id', path: ['traceId'], text: true },
  { header: 'ipAddress', stored: 'ip_address', path: ['ipAddress'], text: true },
  { header: 'geo', stored: 'geo', path: ['geo'], text: true },
  { header: 'userAgent', stored: 'user_agent', path: ['userAgent'], text: true },
];

const BYTE_ORDER_MARK = '\uFEFF';

/** The first bytes of a CSV file: always a header line. */
export function csvHeader({ bom }: CsvOptions): Buffer {
  const names = COLUMNS.map((column) => column.header).join(',');
  return Buffer.from(`${bom ? BYTE_ORDER_MARK : ''}${names}\r\n`);
}

/** The select list whose COPY (FORMAT csv) is the file's rows. */
export function csvColumns({ formulaGuard }: CsvOptions): RawBuilder<unknown> {
  return sql.join(COLUMNS.map((column) => cell(column, formulaGuard)));
}

/**
 * One cell. Two booleans computed at ingest say when the stored column is not the cell: `verbatim` (trimming
 * changed nothing) and `formula_guard` (some cell of the row begins with a formula character). Testing
 * them costs 5% where testing every cell of every row costs 60%.
 */
function cell(column: Column, formulaGuard: boolean): RawBuilder<unknown> {
  const stored = column.stored === 'tags' ? sql`array_to_json(tags)::text` : sql.ref(column.stored);
  if (column.path === undefined) return stored;
  const asSent = sql`CASE WHEN verbatim THEN ${stored} ELSE line::json #>> ${[...column.path]}::text[] END`;
  if (!formulaGuard || column.text !== true) return asSent;
  return sql`CASE WHEN verbatim AND NOT formula_guard THEN ${stored} ELSE ${guarded(asSent)} END`;
}

/** One leading ' in front of = + - @ TAB CR and ' itself, so that removing one is the exact inverse. */
function guarded(value: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(SELECT CASE WHEN left(v, 1) = ANY(${['=', '+', '-', '@', '\t', '\r', "'"]}::text[]) THEN '''' || v ELSE v END FROM (SELECT ${value} AS v) cell)`;
}
