import type { ExportJob } from '../../api/exports.ts';
import { isExpired, isFileDeleted, isTooLarge } from '../../exports/export-actions.ts';
import { downloadCommand } from '../../exports/download-command.ts';
import { useFollowedExports } from '../../exports/follow/followed-exports.ts';
import { formatBytes, plural } from '../../format/numbers.ts';
import { useMe } from '../../session/session.tsx';
import { formatInstant, formatRelative } from '../../time/format-time.ts';
import { useTimeZone } from '../../time/time-zone.tsx';
import { useNow } from '../../time/use-now.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Notice } from '../../ui/notice.tsx';
import { JobProgress } from './job-progress.tsx';
import { WaitNotice } from './wait-notice.tsx';

/** Update interval of the time until the file expires. */
const COUNTDOWN_MS = 1000;

/** A message about the job's state and the next step. */
export function JobMessage({ job }: { readonly job: ExportJob }) {
  const isFollowed = useFollowedExports().includes(job.jobId);
  switch (job.status) {
    case 'pending':
      return (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
          <WaitNotice job={job} />
          {!job.waitingFor && (
            <Notice tone="neutral" title="Waiting for a worker">
              {job.attempt > 0
                ? `Attempt ${job.attempt} was interrupted and its partial output deleted. Retrying shortly.`
                : 'The export starts when a worker is free and your company has a free export slot.'}{' '}
              {isFollowed
                ? "You can leave this page. We'll notify you when it finishes."
                : 'It keeps running in the background. The person who started it is notified when it finishes.'}
            </Notice>
          )}
        </div>
      );
    case 'running':
      return (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
          <WaitNotice job={job} />
          <JobProgress job={job} />
        </div>
      );
    case 'succeeded':
      return <Succeeded job={job} />;
    case 'failed':
      return (
        <Notice tone="danger" title={job.failureSummary ?? 'The export failed. No file was kept.'}>
          {job.retryHint}
          {job.failureCode !== null && (
            <span className="mt-1 block font-mono text-xs">{job.failureCode}</span>
          )}
        </Notice>
      );
    case 'canceled':
      return (
        <Notice tone="warning" title="This export was canceled">
          {job.unfinishedPartsRemain
            ? 'Unfinished parts stay in the artifact store until the next cleanup.'
            : 'Partial output was deleted.'}{' '}
          Rerun the export to start over.
        </Notice>
      );
    default:
      return (
        <Notice tone="neutral" title="This page doesn't recognise the export's state">
          The export was updated by a newer version of Exhibit. Reload the page. If this keeps
          happening, ask your operator to update the dashboard.
        </Notice>
      );
  }
}

function Succeeded({ job }: { readonly job: ExportJob }) {
  const me = useMe();
  const { name: zone } = useTimeZone();
  const now = useNow(COUNTDOWN_MS);
  if (isFileDeleted(job) && job.artifactDeletedAt !== null) {
    const by = job.artifactDeletedBy?.label;
    return (
      <Notice tone="warning" title="The file was deleted">
        {by === undefined ? 'Deleted' : `Deleted by ${by}`} on{' '}
        {formatInstant(new Date(job.artifactDeletedAt), zone)}. The job and its digests stay as
        evidence. Rerun the export to get a new file.
      </Notice>
    );
  }
  if (isExpired(job, now)) {
    return (
      <Notice tone="warning" title="The file has expired">
        The job and its digests stay as evidence. Rerun the export to get a new file.
      </Notice>
    );
  }
  const until = job.artifactExpiresAt;
  const tooLarge = isTooLarge(job, me);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <Notice
        tone="success"
        title={
          job.truncated
            ? `Truncated at ${plural(job.rowsExported, 'row')} (row limit)`
            : `Complete: ${plural(job.rowsExported, 'row')}`
        }
      >
        {job.truncated
          ? 'More events match. The file contains the oldest ones.'
          : 'The file contains every event that matched at the start, exactly once.'}
        {until !== null &&
          ` Available until ${formatInstant(new Date(until), zone)} (${formatRelative(new Date(until), now)}).`}
      </Notice>
      {tooLarge && (
        <Notice
          tone="warning"
          title={`The dashboard serves files up to ${formatBytes(me.maxDownloadBytes)}`}
        >
          Use the command line: it resumes interrupted downloads and verifies the digest:
        </Notice>
      )}
      {tooLarge && <CodeBlock text={downloadCommand(job.jobId, me)} label="Copy command" />}
    </div>
  );
}
