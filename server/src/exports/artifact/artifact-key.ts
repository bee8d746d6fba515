import type { ExportJob } from '../export-job.ts';
import { COMPRESSION_EXTENSIONS } from '../formats/compression.ts';
import { FORMATS } from '../formats/format.ts';

type JobKey = Pick<ExportJob, 'companyId' | 'jobId'>;

/** Prefix of all objects of a job in the store; ends in a slash. */
export function artifactPrefix({ companyId, jobId }: JobKey): string {
  return `exports/${companyId}/${jobId}/`;
}

/**
 * Unique per attempt: leases never repeat, so a worker that lost the job cannot touch the file of the next attempt.
 */
export function artifactKey(
  job: JobKey & Pick<ExportJob, 'attempt' | 'lease' | 'format' | 'compression'>,
): string {
  return `${artifactPrefix(job)}attempt-${job.attempt}-lease-${job.lease}.${extension(job)}`;
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const KEY = new RegExp(`^exports/(${UUID})/(${UUID})/attempt-\\d+-lease-(\\d+)\\.[a-z0-9.]+$`);

/** Company, job and attempt of a key; undefined for keys that artifactKey did not create. */
export function parseArtifactKey(key: string): (JobKey & Pick<ExportJob, 'lease'>) | undefined {
  const [, companyId, jobId, lease] = KEY.exec(key) ?? [];
  if (companyId === undefined || jobId === undefined) return undefined;
  return { companyId, jobId, lease: Number(lease) };
}

/** File name that browsers and curl use. */
export function artifactFileName(job: Pick<ExportJob, 'jobId' | 'format' | 'compression'>): string {
  return `exhibit-${job.jobId}.${extension(job)}`;
}

function extension({ format, compression }: Pick<ExportJob, 'format' | 'compression'>): string {
  // The extension of a format stored by a newer version is unknown here.
  const known: Readonly<Record<string, { extension: string } | undefined>> = FORMATS;
  const suffixes: Readonly<Record<string, string | undefined>> = COMPRESSION_EXTENSIONS;
  return `${known[format]?.extension ?? 'bin'}${suffixes[compression] ?? ''}`;
}
