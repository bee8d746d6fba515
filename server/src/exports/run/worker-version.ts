import { FILTER_FIELDS, type ListField } from '../../../../contract/filter-fields.ts';
import type { EventQuery } from '../../../../contract/event-query.ts';
import type { CsvSettings } from '../formats/csv.ts';

/**
 * Version of the workers of this program. A job row has the version that it needs, a worker reports its own, and a
 * worker leaves jobs that need a higher version to newer workers (docs/operations/deployment.md, "Upgrading").
 *
 * Increase it with the first addition to job rows that earlier workers would not understand: a filter field, a
 * metadata operator, a format, a compression, an option of CSV.
 */
export const WORKER_VERSION = 1;

/** The first worker version that understands each filter field. */
const FILTER_FIELD_VERSIONS = {
  version: 0,
  from: 0,
  to: 0,
  range: 0,
  receivedFrom: 1,
  receivedTo: 1,
  search: 0,
  metadata: 0,
  sort: 0,
  order: 0,
  pageSize: 0,
  ...listVersions(),
} as const satisfies Record<keyof EventQuery, number>;

function listVersions(): Record<ListField, number> {
  const versions = FILTER_FIELDS.map(({ field, workerVersion }) => [field, workerVersion]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.fromEntries forgets the names
  return Object.fromEntries(versions) as Record<ListField, number>;
}

/** A worker of this version can run every job that this program can create. */
export const MAX_FIELD_VERSION: number = Math.max(...Object.values(FILTER_FIELD_VERSIONS));

/** The first worker version that supports the CSV columns of a job. */
const CSV_COLUMNS_VERSION = 1;

/** The lowest worker version that understands these filters and CSV options. */
export function minWorkerVersion(filters: EventQuery, csv?: CsvSettings): number {
  const fields = Object.entries(FILTER_FIELD_VERSIONS);
  const versions = fields.filter(([name]) => name in filters).map(([, version]) => version);
  return Math.max(0, ...versions, ...(csv?.columns === undefined ? [] : [CSV_COLUMNS_VERSION]));
}
