/*
 * The read side of an export: from PostgreSQL's COPY to chunks of file content.
 *
 *   readEvents       walks the SliceQueue in ID order and counts rows
 *   SliceQueue       ranges still to read, at most one of them as a PrefetchedSlice
 *   ReadSemaphore    the worker's read slots: the export that emits a slice holds one and passes it on while the store stalls
 *   SliceReading     one COPY; holds one database connection from its start until its end or abort
 *   CopyReader       owns the receive buffer of that connection; CopyFrames cuts it into rows
 *   buffer-pool      file content buffers; the consumer (write-artifact.ts) acquires and releases them
 */
import type pg from 'pg';
import { ExportFailure } from '../export-failure.ts';
import { csvSettings } from '../export-job.ts';
import { FORMATS } from '../formats/format.ts';
import type { ReadSemaphore } from './read-semaphore.ts';
import { type Slice, type SliceOptions, SliceReading } from './read-slice.ts';
import { PrefetchedSlice } from './prefetched-slice.ts';
import { SliceQueue } from './slice-queue.ts';
import type { IdRange } from './slices.ts';

/** Time after which a chunk that the store has not taken releases the read slot. */
const STORE_STALL_MS = 20;

export interface ReadCounts {
  /** Rows returned so far. */
  rows: number;
  /** True if more rows matched than the limit of the request allows. */
  truncated: boolean;
}

interface ReadOptions extends SliceOptions {
  readonly slices: readonly IdRange[];
  readonly places: ReadSemaphore;
  /** Updated while reading. */
  readonly counts: ReadCounts;
}

/**
 * The uncompressed content of an export: header, then every matching event of the cut, once, in id order. Reads slice
 * after slice and reads the next one ahead: the content of a slice depends on the cut and not on when it is read. A
 * slice that reaches its time limit continues in another query. A chunk is overwritten once the next one is
 * requested.
 * @throws ExportFailure EXPORT_TOO_LARGE at one row more than the company's maximum
 */
export async function* readEvents(options: ReadOptions): AsyncGenerator<Buffer> {
  const { job, counts } = options;
  const format = FORMATS[job.format];
  const header = format.header(csvSettings(job));
  if (header.length > 0) yield header;
  const queue = new SliceQueue(options.slices);
  const open = (range: IdRange) => new SliceReading(options, range, room(options));
  try {
    for (let slice = queue.take(open); slice !== undefined; slice = queue.take(open)) {
      const rest = yield* emitSlice(options, slice, queue);
      if (counts.truncated) return;
      queue.resume(rest);
    }
  } finally {
    await queue.stop();
  }
}

async function* emitSlice(
  options: ReadOptions,
  slice: Slice,
  queue: SliceQueue,
): AsyncGenerator<Buffer, readonly IdRange[]> {
  const { counts, places, signal } = options;
  const before = counts.rows;
  const allowed = room(options);
  try {
    using place = await places.take(signal);
    for await (const { content, rows } of slice) {
      // Not before: the slice itself needs its connection first.
      prefetchNext(options, queue);
      counts.rows = before + rows;
      // Lets another export read while a slow store takes the chunk.
      using _slow = setTimeout(() => place.pass(), STORE_STALL_MS);
      yield content;
    }
  } finally {
    if (slice instanceof PrefetchedSlice) await slice.stop();
  }
  const { rows, rowsSeen, rest } = slice.end;
  counts.rows = before + rows;
  checkLimits(options, rowsSeen > allowed);
  return rest;
}

/**
 * Starts the next slice, unless one is started or another export reads or waits to read: two slices keep the worker
 * busy. It also needs a free connection, because exports that each held one and waited for another would deadlock. If
 * the request has a limit, the number of rows left is not known yet, so such slices wait for the previous one.
 */
function prefetchNext(options: ReadOptions, queue: SliceQueue): void {
  if (!queue.canPrefetch) return;
  if (options.job.rowLimit !== null || !options.places.isIdle || !hasRoom(options.pool)) return;
  queue.prefetch((range) => new PrefetchedSlice(options, range, room(options)));
}

function hasRoom({ idleCount, totalCount, waitingCount, options }: pg.Pool): boolean {
  return waitingCount === 0 && (idleCount > 0 || totalCount < options.max);
}

/** Number of rows that may still follow. */
function room({ job, counts }: ReadOptions): number {
  return Math.min(job.rowLimit ?? Number.POSITIVE_INFINITY, job.maxRows) - counts.rows;
}

function checkLimits({ job, counts }: ReadOptions, exceeded: boolean): void {
  if (!exceeded) return;
  if (job.rowLimit !== null && job.rowLimit <= job.maxRows) {
    counts.truncated = true;
    return;
  }
  throw new ExportFailure('EXPORT_TOO_LARGE', `more than ${job.maxRows} rows match`);
}
