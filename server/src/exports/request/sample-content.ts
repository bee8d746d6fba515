import type pg from 'pg';
import { eventFilter, type EventScope } from '../../events/query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../contract/event-query.ts';
import { sql, withLiterals } from '../../regions/sql.ts';
import { CopyReader } from '../read/copy-reader.ts';
import { type Compression, createCompressor } from '../formats/compression.ts';
import type { CsvSettings } from '../formats/csv.ts';
import { type ExportFormat, FORMATS } from '../formats/format.ts';

const SAMPLE_ROWS = 200;

interface SampleOptions {
  readonly filters: ResolvedEventQuery;
  readonly scope: EventScope;
  readonly format: ExportFormat;
  readonly compression: Compression;
  readonly csv: CsvSettings;
}

/**
 * Bytes per row of the file, measured on the newest matching events, formatted and compressed like an export; null
 * without matching events. A large file compresses a little better than the sample.
 */
export async function sampleRowBytes(
  client: pg.PoolClient,
  { filters, scope, format, compression, csv }: SampleOptions,
): Promise<number | null> {
  const { copyOptions, framing } = FORMATS[format];
  const statement = withLiterals(sql`
    COPY (SELECT ${FORMATS[format].columns(csv)} FROM events WHERE ${eventFilter(filters, scope)} ORDER BY id DESC LIMIT ${SAMPLE_ROWS})
    TO STDOUT (${sql.raw(copyOptions)})`);
  const reader = new CopyReader(statement, { framing, maxRows: SAMPLE_ROWS });
  client.query(reader);
  const chunks: Buffer[] = [];
  for await (const chunk of reader) chunks.push(Buffer.from(chunk));
  if (reader.frames.rows === 0) return null;
  return (await compressedBytes(Buffer.concat(chunks), compression)) / reader.frames.rows;
}

async function compressedBytes(content: Buffer, compression: Compression): Promise<number> {
  const compressor = createCompressor(compression);
  if (compressor === undefined) return content.length;
  compressor.end(content);
  let bytes = 0;
  for await (const chunk of compressor as AsyncIterable<Buffer>) bytes += chunk.length;
  return bytes;
}
