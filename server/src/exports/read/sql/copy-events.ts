import { allOf, type Cut, eventFilterWithinCut } from '../../../events/query/event-filter.ts';
import type { ResolvedEventQuery } from '../../../../../contract/event-query.ts';
import { type RawBuilder, sql, withLiterals } from '../../../regions/sql.ts';
import type { IdRange } from '../slices.ts';

interface CopyEvents {
  readonly companyId: string;
  readonly filter: ResolvedEventQuery;
  readonly cut: Cut;
  readonly range: IdRange;
  readonly columns: RawBuilder<unknown>;
  readonly copyOptions: string;
  /** Maximum number of rows to read; undefined for all. */
  readonly limit: number | undefined;
}

/**
 * Forces a scan of the ID index, which streams from the first row on. Without it the planner chooses to sort 1.4 GB
 * on disk: first byte after 1475 ms instead of 12 ms.
 */
export const PIN_INDEX_WALK =
  'SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off; ' +
  'SET LOCAL enable_incremental_sort = off; SET LOCAL max_parallel_workers_per_gather = 0';

/** The COPY statement of one slice: every matching event of the cut in the id range, in id order. */
export function copyEvents(copy: CopyEvents): string {
  const condition = allOf([
    eventFilterWithinCut(copy.filter, copy.companyId, copy.cut),
    sql`id >= ${copy.range.lower}`,
    sql`id < ${copy.range.upper}`,
  ]);
  const limit = copy.limit === undefined ? sql`` : sql` LIMIT ${copy.limit}`;
  return withLiterals(sql`
    COPY (SELECT ${copy.columns} FROM events WHERE ${condition} ORDER BY id${limit})
    TO STDOUT (${sql.raw(copy.copyOptions)})`);
}
