import type { ExportJob } from './export-job.ts';
import { COMPRESSION_EXTENSIONS } from './formats/compression.ts';
import { FORMATS } from './formats/format.ts';

type JobKey = Pick<ExportJob, 'companyId' | 'jobId'>;

/** Everything of a job in the store lies under this; ends in a slash. */
export function artifactPrefix({ companyId, jobId }: JobKey): string {
  return `exports/${companyId}/${jobId}/`;
}

/** Unique for each attempt: the lease never repeats, so a worker that lost the job cannot touch the next one's file. */
export function artifactKey(
  job: JobKey & Pick<ExportJob, 'attempt' | 'lease' | 'format' | 'compression'>,
): string {
  return `${artifactPrefix(job)}attempt-${job.attempt}-lease-${job.lease}.${extension(job)}`;
}

/** What a browser or curl saves it as. */
export function artifactFileName(job: Pick<ExportJob, 'jobId' | 'format' | 'compression'>): string {
  return `exhibit-${job.jobId}.${extension(job)}`;
}

function extension({ format, compression }: Pick<ExportJob, 'format' | 'compression'>): string {
  return `${FORMATS[format].extension}${COMPRESSION_EXTENSIONS[compression]}`;
}
