import { type RawBuilder, sql } from '../../regions/sql.ts';
import { type CsvColumn, DEFAULT_CSV_COLUMNS } from '../../../../contract/csv-columns.ts';

/** Options of a CSV file. */
export interface CsvSettings {
  readonly formulaGuard: boolean;
  readonly bom: boolean;
  /** Columns in this order; absent for DEFAULT_CSV_COLUMNS. */
  readonly columns?: readonly CsvColumn[] | undefined;
}

interface Column {
  /** Column of `events`, trimmed for filtering. */
  readonly stored: string;
  /** Path of the value as sent within the line, for the few rows that trimming changed. */
  readonly path?: readonly string[];
  /** True if a cell can start with a formula character; IDs, times and JSON cannot. */
  readonly text?: boolean;
}

const COLUMNS: Readonly<Record<CsvColumn, Column>> = {
  id: { stored: 'id' },
  timestamp: { stored: 'timestamp' },
  workspaceId: { stored: 'workspace_id' },
  projectId: { stored: 'project_id', path: ['projectId'], text: true },
  category: { stored: 'category', path: ['category'], text: true },
  action: { stored: 'action', path: ['action'], text: true },
  actorId: { stored: 'actor_id', path: ['actor', 'id'], text: true },
  actorEmail: { stored: 'actor_email', path: ['actor', 'email'], text: true },
  actorRole: { stored: 'actor_role', path: ['actor', 'role'], text: true },
  resourceType: { stored: 'resource_type', path: ['resource', 'type'], text: true },
  resourceId: { stored: 'resource_id', path: ['resource', 'id'], text: true },
  metadata: { stored: 'metadata' },
  tags: { stored: 'tags', path: ['tags'] },
  traceId: { stored: 'trace_id', path: ['traceId'], text: true },
  ipAddress: { stored: 'ip_address', path: ['ipAddress'], text: true },
  geo: { stored: 'geo', path: ['geo'], text: true },
  userAgent: { stored: 'user_agent', path: ['userAgent'], text: true },
  receivedAt: { stored: 'received_at' },
  apiKeyId: { stored: 'api_key_id' },
  apiKeyLabel: { stored: 'api_key_label' },
};

const BYTE_ORDER_MARK = '\uFEFF';

/** First bytes of a CSV file, always with a header line. */
export function csvHeader({ bom, columns = DEFAULT_CSV_COLUMNS }: CsvSettings): Buffer {
  const names = columns.join(',');
  return Buffer.from(`${bom ? BYTE_ORDER_MARK : ''}${names}\r\n`);
}

/** Select list whose COPY (FORMAT csv) produces the rows of the file. */
export function csvColumns(settings: CsvSettings): RawBuilder<unknown> {
  const { formulaGuard, columns = DEFAULT_CSV_COLUMNS } = settings;
  return sql.join(
    columns.map((name) => receiptCell(name, formulaGuard) ?? cell(COLUMNS[name], formulaGuard)),
  );
}

/** Cell of a receipt column. `formula_guard` does not cover the name of the API key, so each cell is tested. */
function receiptCell(name: CsvColumn, formulaGuard: boolean): RawBuilder<unknown> | undefined {
  if (name === 'receivedAt')
    return sql`to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  if (name === 'apiKeyLabel' && formulaGuard) return guarded(sql`api_key_label`);
  return undefined;
}

/**
 * Expression for one cell. Two booleans computed at ingest show when the stored column differs from the cell:
 * `verbatim` (trimming changed nothing) and `formula_guard` (a cell of the row starts with a formula character).
 * Testing them costs 5%; testing every cell of every row costs 60%.
 */
function cell(column: Column, formulaGuard: boolean): RawBuilder<unknown> {
  const stored = column.stored === 'tags' ? sql`array_to_json(tags)::text` : sql.ref(column.stored);
  if (column.path === undefined) return stored;
  const asSent = sql`CASE WHEN verbatim THEN ${stored} ELSE line::json #>> ${[...column.path]}::text[] END`;
  if (!formulaGuard || column.text !== true) return asSent;
  return sql`CASE WHEN verbatim AND NOT formula_guard THEN ${stored} ELSE ${guarded(asSent)} END`;
}

/** Adds one ' before = + - @ TAB CR and ' itself, so that removing one restores the original value. */
function guarded(value: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(SELECT CASE WHEN left(v, 1) = ANY(${['=', '+', '-', '@', '\t', '\r', "'"]}::text[]) THEN '''' || v ELSE v END FROM (SELECT ${value} AS v) cell)`;
}
