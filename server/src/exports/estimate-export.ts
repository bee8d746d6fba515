import type pg from 'pg';
import type { EventScope } from '../events/event-filter.ts';
import type { ResolvedEventQuery } from '../events/event-query.ts';
import { inCompany } from '../regions/transaction.ts';
import { estimateRows, withTimeLimit } from './estimate-rows.ts';
import type { Compression } from './formats/compression.ts';
import { type ExportFormat, FORMATS } from './formats/format.ts';
import { sampleRowBytes } from './sample-content.ts';
import { plannedRows } from './sql/planned-rows.ts';

const SAMPLE_TIMEOUT_MS = 1_000;

export interface ExportEstimate {
  readonly rows: number;
  /** False: counting takes longer than two seconds, so this is the planner's guess. */
  readonly rowsExact: boolean;
  /** About, from the newest matching events; null when no matching event was found quickly enough to weigh one. */
  readonly bytes: number | null;
  readonly maxRows: number;
  /** Whether creating the export would be accepted now. */
  readonly allowed: boolean;
}

interface EstimateExport {
  readonly filters: ResolvedEventQuery;
  readonly scope: EventScope;
  readonly format: ExportFormat;
  readonly compression: Compression;
  readonly csv: { readonly formulaGuard: boolean; readonly bom: boolean };
  readonly limit: number | null;
  readonly maxRows: number;
}

/** How large an export would be. */
export async function estimateExport(
  pool: pg.Pool,
  { limit, maxRows, ...content }: EstimateExport,
): Promise<ExportEstimate> {
  const { filters, scope, format, csv } = content;
  const counted = await estimateRows(pool, filters, scope);
  const rowsExact = counted !== null;
  const matching = counted ?? (await guessRows(pool, filters, scope));
  const rows = limit === null ? matching : Math.min(matching, limit);
  const header = FORMATS[format].header(csv).length;
  const rowBytes = rows === 0 ? 0 : await weighRow(pool, content);
  const bytes = rowBytes === null ? null : Math.round(header + rows * rowBytes);
  return { rows, rowsExact, bytes, maxRows, allowed: !rowsExact || rows <= maxRows };
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
