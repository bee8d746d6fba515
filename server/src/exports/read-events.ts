import type pg from 'pg';
import type { Cut } from '../events/event-filter.ts';
import { beginFor } from '../regions/transaction.ts';
import { CopyReader } from './copy-reader.ts';
import { ExportFailure } from './export-failure.ts';
import type { ExportJob } from './export-job.ts';
import { FORMATS } from './formats/format.ts';
import { halve, type IdRange, rangeAfter } from './slices.ts';
import { copyEvents, PIN_INDEX_WALK } from './sql/copy-events.ts';

/** No query of an export stays open longer, so vacuum never waits for one (guarantee 1). */
const SLICE_DEADLINE_MS = 25_000;

export interface ReadCounts {
  /** Rows handed on so far. */
  rows: number;
  /** More rows matched than the caller's own limit let through. */
  truncated: boolean;
}

interface ReadOptions {
  readonly pool: pg.Pool;
  readonly job: ExportJob;
  readonly cut: Cut;
  readonly slices: readonly IdRange[];
  /** Kept up to date while reading. */
  readonly counts: ReadCounts;
  readonly signal: AbortSignal;
  readonly deadlineMs?: number;
}

/**
 * The uncompressed content of an export: header, then every matching event of the cut, once, in id order.
 * Reads slice after slice; a slice still open at the deadline (a slow store, a rare match) ends at a whole
 * row and goes on in a query of its own.
 * @throws ExportFailure EXPORT_TOO_LARGE at one row more than the company's maximum
 */
export async function* readEvents(options: ReadOptions): AsyncGenerator<Buffer> {
  const { job, counts } = options;
  const format = FORMATS[job.format];
  const header = format.header({ formulaGuard: job.csvFormulaGuard, bom: job.csvBom });
  if (header.length > 0) yield header;
  const pending = [...options.slices];
  for (let range = pending.shift(); range !== undefined; range = pending.shift()) {
    const rest = yield* readSlice(options, range);
    pending.unshift(...rest);
    if (counts.truncated) return;
  }
}

/** Reads one range; returns what of it is still to read. */
async function* readSlice(options: ReadOptions, range: IdRange): AsyncGenerator<Buffer, IdRange[]> {
  const { pool, job, counts, signal } = options;
  const rowsBefore = counts.rows;
  const allowed = Math.min(job.rowLimit ?? Number.POSITIVE_INFINITY, job.maxRows) - rowsBefore;
  const reader = new CopyReader(copyStatement(options, range, allowed + 1), {
    framing: FORMATS[job.format].framing,
    mostRows: allowed,
  });
  const stop = () => reader.stop();
  signal.addEventListener('abort', stop);
  const client = await pool.connect();
  let deadline: NodeJS.Timeout | undefined;
  try {
    signal.throwIfAborted();
    await client.query(`${beginFor(job.companyId)}; ${PIN_INDEX_WALK}`);
    deadline = setTimeout(stop, options.deadlineMs ?? SLICE_DEADLINE_MS);
    client.query(reader);
    for await (const chunk of reader) {
      counts.rows = rowsBefore + reader.frames.rows;
      yield chunk;
    }
    signal.throwIfAborted();
    if (reader.complete) await client.query('COMMIT');
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', stop);
    // A reader that did not reach the end leaves a connection in the middle of a COPY: close it.
    reader.stop();
    client.release(!reader.complete);
  }
  counts.rows = rowsBefore + reader.frames.rows;
  checkLimits(options, reader.frames.rowsSeen > allowed);
  return reader.complete ? [] : remainder(range, reader.frames.lastId);
}

function copyStatement({ job, cut }: ReadOptions, range: IdRange, limit: number): string {
  const format = FORMATS[job.format];
  return copyEvents({
    companyId: job.companyId,
    filter: job.filters,
    cut,
    range,
    columns: format.columns({ formulaGuard: job.csvFormulaGuard, bom: job.csvBom }),
    copyOptions: format.copyOptions,
    limit: Number.isFinite(limit) ? limit : undefined,
  });
}

function checkLimits({ job, counts }: ReadOptions, exceeded: boolean): void {
  if (!exceeded) return;
  if (job.rowLimit !== null && job.rowLimit <= job.maxRows) {
    counts.truncated = true;
    return;
  }
  throw new ExportFailure('EXPORT_TOO_LARGE', `more than ${job.maxRows} rows match`);
}

function remainder(range: IdRange, lastId: string | undefined): IdRange[] {
  if (lastId !== undefined) return [rangeAfter(range, lastId)];
  const halves = halve(range);
  if (halves === undefined) throw new ExportFailure('QUERY_TOO_SLOW', 'no row within the deadline');
  return halves;
}
