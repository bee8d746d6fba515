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

/** Until the file expires. */
const COUNTDOWN_MS = 1000;

/** What is happening, and what to do next, in each state. */
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
                ? `Attempt ${job.attempt} ended before the file was complete. Nothing of it was kept. The next attempt starts shortly.`
                : 'The export starts when a worker is free and your company runs fewer exports than allowed at once.'}{' '}
              {isFollowed
                ? 'You are notified when it finishes.'
                : 'It runs in the background. The person who started it is notified when it finishes.'}
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
        <Notice tone="danger" title={job.failureSummary ?? 'The export failed. Nothing was kept.'}>
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
            ? 'Unfinished parts remain in the artifact store until its sweep removes them.'
            : 'Its unfinished file was discarded.'}{' '}
          Rerun the export to start again.
        </Notice>
      );
    default:
      return (
        <Notice tone="neutral" title="This export is in a state that this page does not know">
          A newer version of Exhibit made it. Reload the page; if this stays, ask an operator to
          update the dashboard.
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
        {by === undefined ? 'It was deleted' : `${by} deleted it`} on{' '}
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
        title={`Complete: ${plural(job.rowsExported, 'row')}${job.truncated ? ', cut at its row limit' : ''}`}
      >
        {job.truncated
          ? 'More events match; the first ones by time are in the file.'
          : 'Every event that matched when it started is in the file, exactly once.'}
        {until !== null &&
          ` The file is kept until ${formatInstant(new Date(until), zone)} (${formatRelative(new Date(until), now)}).`}
      </Notice>
      {tooLarge && (
        <Notice
          tone="warning"
          title={`The dashboard hands through at most ${formatBytes(me.maxDownloadBytes)}`}
        >
          Fetch it with the command line, which goes on after a cut and checks the digest:
        </Notice>
      )}
      {tooLarge && <CodeBlock text={downloadCommand(job.jobId, me)} label="Copy the command" />}
    </div>
  );
}
