import type pg from 'pg';
import type { EventScope } from '../events/event-filter.ts';
import type { ResolvedEventQuery } from '../events/event-query.ts';
import { inCompany } from '../regions/transaction.ts';
import { estimateRows, withTimeLimit } from './estimate-rows.ts';
import type { Compression } from './formats/compression.ts';
import type { ExportFormat } from './formats/format.ts';
import { meanLineBytes } from './sql/mean-line-bytes.ts';
import { plannedRows } from './sql/planned-rows.ts';

const SAMPLE_TIMEOUT_MS = 1_000;

/** Size of a file as a part of its JSONL, as measured on 650-byte events; a rule of thumb for people. */
const CSV_PART = 0.65;
const COMPRESSED_PART = { none: 1, gzip: 0.14, zstd: 0.18 } as const satisfies Record<
  Compression,
  number
>;

export interface ExportEstimate {
  readonly rows: number;
  /** False: counting takes longer than two seconds, so this is the planner's guess. */
  readonly rowsExact: boolean;
  /** About; null when no matching event was found quickly enough to weigh one. */
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
  readonly limit: number | null;
  readonly maxRows: number;
}

/** How large an export would be. */
export async function estimateExport(
  pool: pg.Pool,
  { filters, scope, format, compression, limit, maxRows }: EstimateExport,
): Promise<ExportEstimate> {
  const counted = await estimateRows(pool, filters, scope);
  const rowsExact = counted !== null;
  const matching = counted ?? (await guessRows(pool, filters, scope));
  const rows = limit === null ? matching : Math.min(matching, limit);
  const lineBytes = rows === 0 ? 0 : await weighLines(pool, filters, scope);
  const part = (format === 'CSV' ? CSV_PART : 1) * COMPRESSED_PART[compression];
  const bytes = lineBytes === null ? null : Math.round(rows * lineBytes * part);
  return { rows, rowsExact, bytes, maxRows, allowed: !rowsExact || rows <= maxRows };
}

function guessRows(pool: pg.Pool, filters: ResolvedEventQuery, scope: EventScope): Promise<number> {
  return inCompany(pool, scope.companyId, (client) => plannedRows(client, filters, scope));
}

function weighLines(
  pool: pg.Pool,
  filters: ResolvedEventQuery,
  scope: EventScope,
): Promise<number | null> {
  return withTimeLimit(() =>
    inCompany(pool, scope.companyId, async (client) => {
      await client.query(`SET LOCAL statement_timeout = ${SAMPLE_TIMEOUT_MS}`);
      return meanLineBytes(client, filters, scope);
    }),
  );
}
