/*
 * File formats and compression. PostgreSQL formats every row; this folder knows headers, framing and columns.
 */
import { type RawBuilder, sql } from '../../regions/sql.ts';
import type { CopyFraming } from '../read/copy-frames.ts';
import { csvColumns, csvHeader, type CsvSettings } from './csv.ts';

export const EXPORT_FORMATS = ['JSONL', 'CSV'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Converts events to the uncompressed content of a file. PostgreSQL formats every row. */
interface Format {
  readonly extension: string;
  readonly framing: CopyFraming;
  readonly copyOptions: string;
  header(csv: CsvSettings): Buffer;
  columns(csv: CsvSettings): RawBuilder<unknown>;
}

export const FORMATS: Record<ExportFormat, Format> = {
  JSONL: {
    extension: 'jsonl',
    framing: 'lines',
    copyOptions: 'FORMAT binary',
    header: () => Buffer.alloc(0),
    columns: () => sql`line`,
  },
  CSV: {
    extension: 'csv',
    framing: 'csv',
    copyOptions: 'FORMAT csv',
    header: csvHeader,
    columns: csvColumns,
  },
};
