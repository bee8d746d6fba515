import type { ExportJob } from '../export-job.ts';
import { COMPRESSIONS } from '../formats/compression.ts';
import { CSV_COLUMNS } from '../../../../contract/csv-columns.ts';
import { EXPORT_FORMATS } from '../formats/format.ts';
import { unknownFilterParts } from '../request/unknown-filters.ts';
import { WORKER_VERSION } from './worker-version.ts';

type StoredRequest = Pick<
  ExportJob,
  'filters' | 'source' | 'format' | 'compression' | 'csvColumns' | 'minWorkerVersion'
>;

/**
 * Describes the parts of a job that this worker does not understand; undefined if it can run the job. Such a job must
 * not run without those parts, because its file would contain rows that were not requested.
 */
export function unsupportedPart(
  job: StoredRequest,
  workerVersion = WORKER_VERSION,
): string | undefined {
  const parts = [
    ...unknownFilterParts(job.filters).map((path) => (path === '' ? 'filters' : `filters.${path}`)),
    ...unknownValue('source', job.source, ['HOT']),
    ...unknownValue('format', job.format, EXPORT_FORMATS),
    ...unknownValue('compression', job.compression, COMPRESSIONS),
    ...(job.csvColumns ?? []).flatMap((name) => unknownValue('csv.columns', name, CSV_COLUMNS)),
    ...(job.minWorkerVersion > workerVersion
      ? [`needs worker version ${job.minWorkerVersion}, this is ${workerVersion}`]
      : []),
  ];
  return parts.length === 0 ? undefined : parts.join(', ').slice(0, 500);
}

function unknownValue(name: string, value: string, known: readonly string[]): string[] {
  return known.includes(value) ? [] : [`${name} ${value}`];
}
