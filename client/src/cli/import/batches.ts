import type { Line } from './read-lines.ts';

/** A line on its way, and what is needed to report it. */
export interface ImportLine {
  readonly file: string;
  readonly number: number;
  /** As it stands in the file. */
  readonly original: Line['bytes'];
  /** As it is sent. */
  readonly json: Buffer;
}

/** The server takes 64 MiB; smaller batches keep its memory and a lost connection's cost small. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** Groups lines into batches of at most `most` lines and 8 MiB. */
export async function* batches(
  lines: AsyncIterable<ImportLine>,
  most: number,
): AsyncGenerator<readonly ImportLine[]> {
  let batch: ImportLine[] = [];
  let bytes = 0;
  for await (const line of lines) {
    if (batch.length >= most || (batch.length > 0 && bytes + line.json.length > MAX_BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(line);
    bytes += line.json.length;
  }
  if (batch.length > 0) yield batch;
}
