import type pg from 'pg';
import type { EventScope } from '../../events/query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../contract/event-query.ts';
import { withinExistingEvents } from '../../events/explore/within-existing-events.ts';
import { inCompany } from '../../regions/transaction.ts';
import { estimateRows, withTimeLimit } from './estimate-rows.ts';
import type { Compression } from '../formats/compression.ts';
import type { CsvSettings } from '../formats/csv.ts';
import { type ExportFormat, FORMATS } from '../formats/format.ts';
import { sampleRowBytes } from './sample-content.ts';
import { plannedRows } from './sql/planned-rows.ts';

const SAMPLE_TIMEOUT_MS = 1_000;

export interface ExportEstimate {
  readonly rows: number;
  /** False if counting takes longer than two seconds; `rows` is then the planner's estimate. */
  readonly rowsExact: boolean;
  /** Estimate from the newest matching events; null if no matching event was found quickly enough. */
  readonly bytes: number | null;
  readonly maxRows: number;
  /** True if creating the export would be accepted now. */
  readonly allowed: boolean;
}

interface EstimateExport {
  readonly filters: ResolvedEventQuery;
  readonly scope: EventScope;
  readonly format: ExportFormat;
  readonly compression: Compression;
  readonly csv: CsvSettings;
  readonly limit: number | null;
  readonly maxRows: number;
}

/** Estimates the size of an export. */
export async function estimateExport(
  pool: pg.Pool,
  { limit, maxRows, ...asked }: EstimateExport,
): Promise<ExportEstimate> {
  const { scope, format, csv } = asked;
  const counted = await estimateRows(pool, asked.filters, scope);
  const filters = await narrowQuickly(pool, asked.filters, scope);
  const content = { ...asked, filters };
  const rowsExact = counted !== null;
  const matching = counted ?? (await guessRows(pool, filters, scope));
  const rows = limit === null ? matching : Math.min(matching, limit);
  const header = FORMATS[format].header(csv).length;
  const rowBytes = rows === 0 ? 0 : await weighRow(pool, content);
  const bytes = rowBytes === null ? null : Math.round(header + rows * rowBytes);
  return { rows, rowsExact, bytes, maxRows, allowed: !rowsExact || rows <= maxRows };
}

/** The filters narrowed to the time range that has events, or unchanged if that cannot be found quickly. */
async function narrowQuickly(
  pool: pg.Pool,
  filters: ResolvedEventQuery,
  scope: EventScope,
): Promise<ResolvedEventQuery> {
  const narrowed = await withTimeLimit(() =>
    inCompany(pool, scope.companyId, async (client) => {
      await client.query(`SET LOCAL statement_timeout = ${SAMPLE_TIMEOUT_MS}`);
      return withinExistingEvents(client, filters, scope);
    }),
  );
  return narrowed ?? filters;
}

function guessRows(pool: pg.Pool, filters: ResolvedEventQuery, scope: EventScope): Promise<number> {
  return inCompany(pool, scope.companyId, (client) => plannedRows(client, filters, scope));
}

function weighRow(
  pool: pg.Pool,
  content: Omit<EstimateExport, 'limit' | 'maxRows'>,
): Promise<number | null> {
  return withTimeLimit(() =>
    inCompany(pool, content.scope.companyId, async (client) => {
      await client.query(`SET LOCAL statement_timeout = ${SAMPLE_TIMEOUT_MS}`);
      return sampleRowBytes(client, content);
    }),
  );
}
