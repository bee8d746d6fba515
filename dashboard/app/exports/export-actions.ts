import type { ExportJob } from '../api/exports.ts';
import type { Me } from '../api/me.ts';
import { formatBytes } from '../format/numbers.ts';
import { allows, type ExportAction } from './export-state.ts';

/**
 * The availability of an action: undefined if it does not exist in the job's state (see the states table), null if
 * the user can use it, otherwise the reason why not.
 */
export function actionReason(
  action: ExportAction,
  job: ExportJob,
  me: Me,
  now = new Date(),
): string | null | undefined {
  if (!allows(job.status, action)) return undefined;
  if (action === 'cancel') {
    if (job.cancelRequestedAt !== null) return 'The export is being canceled';
    const own = job.requestedBy.type === 'user' && job.requestedBy.id === me.user.id;
    return own || me.permissions.companyWide
      ? null
      : `Started by ${job.requestedBy.label}. Members can only cancel their own exports`;
  }
  if (action === 'delete-file') {
    if (isFileDeleted(job) || isExpired(job, now)) return undefined;
    const own = job.requestedBy.type === 'user' && job.requestedBy.id === me.user.id;
    return own || me.permissions.companyWide
      ? null
      : `Started by ${job.requestedBy.label}. Members can only delete files of their own exports`;
  }
  if (action === 'download') {
    if (isFileDeleted(job)) return 'The file was deleted. Rerun the export to get a new one';
    if (isExpired(job, now)) return 'The file has expired. Rerun the export to get a new one';
    if (isTooLarge(job, me))
      return `${formatBytes(job.bytes ?? 0)} is more than the dashboard serves (${formatBytes(me.maxDownloadBytes)}). Use the command line shown in the details`;
  }
  return null;
}

/** Whether the file is larger than the dashboard serves. */
export function isTooLarge(
  { bytes }: Pick<ExportJob, 'bytes'>,
  { maxDownloadBytes }: Pick<Me, 'maxDownloadBytes'>,
): boolean {
  return bytes !== null && bytes > maxDownloadBytes;
}

/** Whether the file was deleted on request. An older api omits the field. */
export function isFileDeleted({
  artifactDeletedAt,
}: Pick<ExportJob, 'artifactDeletedAt'>): boolean {
  return typeof artifactDeletedAt === 'string';
}

export function isExpired(
  { artifactExpiresAt }: Pick<ExportJob, 'artifactExpiresAt'>,
  now = new Date(),
): boolean {
  return artifactExpiresAt !== null && new Date(artifactExpiresAt) <= now;
}
