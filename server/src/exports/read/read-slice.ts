import type pg from 'pg';
import type { Cut } from '../../events/query/event-filter.ts';
import { beginFor } from '../../regions/transaction.ts';
import { CopyReader } from './copy-reader.ts';
import { ExportFailure } from '../export-failure.ts';
import { csvSettings, type ExportJob } from '../export-job.ts';
import { FORMATS } from '../formats/format.ts';
import { halve, type IdRange, rangeAfter } from './slices.ts';
import { copyEvents, PIN_INDEX_WALK } from './sql/copy-events.ts';

/** No query of an export stays open longer, so vacuum never waits for one (guarantee 1). */
const SLICE_DEADLINE_MS = 25_000;
/** How much later PostgreSQL itself ends the query, should this process no longer be able to. */
const STATEMENT_GRACE_MS = 5_000;

export interface SliceOptions {
  readonly pool: pg.Pool;
  readonly job: ExportJob;
  readonly cut: Cut;
  readonly signal: AbortSignal;
  readonly deadlineMs?: number;
  /** Content held for a reader that is not there yet, bytes. */
  readonly held?: number;
}

/** Content of a slice; the slice as a whole has whole rows. */
export interface SliceRows {
  /** Overwritten once the next is asked for. */
  readonly content: Buffer;
  /** Rows of the slice read so far, at least those of the content up to here. */
  readonly rows: number;
}

export interface SliceEnd {
  /** Rows handed on. */
  readonly rows: number;
  /** Rows that matched, as far as was read: one more than allowed when there are more. */
  readonly rowsSeen: number;
  /** What of the range is still to be read: it met its time limit. */
  readonly rest: readonly IdRange[];
}

/** Slices are iterated once; then they know how they ended. */
export interface Slice extends AsyncIterable<SliceRows> {
  /** @throws Error before the iteration has come to its end */
  readonly end: SliceEnd;
}

/**
 * One range by one COPY, in id order, at most `allowed` rows. Still open at the deadline (a slow store, a rare
 * match) it ends at a whole row.
 */
export class SliceReading implements Slice {
  readonly #options: SliceOptions;
  readonly #range: IdRange;
  readonly #allowed: number;
  #end: SliceEnd | undefined;

  constructor(options: SliceOptions, range: IdRange, allowed: number) {
    this.#options = options;
    this.#range = range;
    this.#allowed = allowed;
  }

  get end(): SliceEnd {
    if (this.#end === undefined) throw new Error('the slice was not read to its end');
    return this.#end;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SliceRows> {
    const { pool, job, signal, deadlineMs, held } = this.#options;
    const reader = new CopyReader(copyStatement(this.#options, this.#range, this.#allowed + 1), {
      framing: FORMATS[job.format].framing,
      maxRows: this.#allowed,
      held,
    });
    const { frames } = reader;
    const stop = () => reader.stop();
    signal.addEventListener('abort', stop);
    const client = await pool.connect();
    let deadline: NodeJS.Timeout | undefined;
    try {
      signal.throwIfAborted();
      const limitMs = deadlineMs ?? SLICE_DEADLINE_MS;
      const limit = `SET LOCAL statement_timeout = ${limitMs + STATEMENT_GRACE_MS}`;
      await client.query(`${beginFor(job.companyId)}; ${PIN_INDEX_WALK}; ${limit}`);
      deadline = setTimeout(stop, limitMs);
      client.query(reader);
      for await (const content of reader) yield { content, rows: frames.rows };
      signal.throwIfAborted();
      if (reader.complete) await client.query('COMMIT');
    } finally {
      clearTimeout(deadline);
      signal.removeEventListener('abort', stop);
      // A reader that did not reach the end leaves a connection in the middle of a COPY: close it.
      reader.stop();
      client.release(!reader.complete);
    }
    const { rows, rowsSeen, lastId } = frames;
    this.#end = { rows, rowsSeen, rest: reader.complete ? [] : remainder(this.#range, lastId) };
  }
}

function copyStatement({ job, cut }: SliceOptions, range: IdRange, limit: number): string {
  const format = FORMATS[job.format];
  return copyEvents({
    companyId: job.companyId,
    filter: job.filters,
    cut,
    range,
    columns: format.columns(csvSettings(job)),
    copyOptions: format.copyOptions,
    limit: Number.isFinite(limit) ? limit : undefined,
  });
}

function remainder(range: IdRange, lastId: string | undefined): IdRange[] {
  if (lastId !== undefined) return [rangeAfter(range, lastId)];
  const halves = halve(range);
  if (halves === undefined) throw new ExportFailure('QUERY_TOO_SLOW', 'no row within the deadline');
  return halves;
}
