import type pg from 'pg';
import type { Cut } from '../../events/query/event-filter.ts';
import { beginFor } from '../../regions/transaction.ts';
import { CopyReader } from './copy-reader.ts';
import { ExportFailure } from '../export-failure.ts';
import { csvSettings, type ExportJob } from '../export-job.ts';
import { FORMATS } from '../formats/format.ts';
import { halve, type IdRange, rangeAfter } from './slices.ts';
import { copyEvents, PIN_INDEX_WALK } from './sql/copy-events.ts';

/** Maximum duration of an export's query, so that vacuum never waits longer (guarantee 1). */
const SLICE_DEADLINE_MS = 25_000;
/** Additional time after which PostgreSQL itself ends the query, in case this process cannot. */
const STATEMENT_GRACE_MS = 5_000;

export interface SliceOptions {
  readonly pool: pg.Pool;
  readonly job: ExportJob;
  readonly cut: Cut;
  readonly signal: AbortSignal;
  readonly deadlineMs?: number;
  /** Bytes of content to keep before the reader starts. */
  readonly held?: number;
}

/** Part of the content of a slice. Only the slice as a whole consists of complete rows. */
export interface SliceRows {
  /** Overwritten once the next one is requested. */
  readonly content: Buffer;
  /** Rows of the slice read so far: at least those of the content up to here. */
  readonly rows: number;
}

export interface SliceEnd {
  /** Number of rows returned. */
  readonly rows: number;
  /** Number of matching rows read: one more than allowed if there are more. */
  readonly rowsSeen: number;
  /** Rest of the range, if the time limit was reached. */
  readonly rest: readonly IdRange[];
}

/** A slice is iterated once; afterwards its result is known. */
export interface Slice extends AsyncIterable<SliceRows> {
  /** @throws Error before the iteration has ended */
  readonly end: SliceEnd;
}

/**
 * Reads one range with one COPY, in ID order, at most `allowed` rows. If it is still open at the deadline (a slow
 * store, a rare match), it ends at a complete row.
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
      // A reader that did not reach the end leaves the connection in the middle of a COPY, so it is closed.
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
