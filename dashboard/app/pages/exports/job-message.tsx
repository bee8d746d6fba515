import type { ExportJob } from '../../api/exports.ts';
import { isExpired, isTooLarge } from '../../exports/export-actions.ts';
import { downloadCommand } from '../../exports/download-command.ts';
import { useFollowedExports } from '../../exports/followed-exports.ts';
import { formatBytes, plural } from '../../format/numbers.ts';
import { useMe } from '../../session/session.tsx';
import { formatInstant, formatRelative } from '../../time/format-time.ts';
import { useTimeZone } from '../../time/time-zone.tsx';
import { useNow } from '../../time/use-now.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Notice } from '../../ui/notice.tsx';
import { JobProgress } from './job-progress.tsx';

/** Until the file expires. */
const COUNTDOWN_MS = 1000;

/** What is happening, and what to do next, in each state. */
export function JobMessage({ job }: { readonly job: ExportJob }) {
  const isFollowed = useFollowedExports().includes(job.jobId);
  switch (job.status) {
    case 'pending':
      return (
        <Notice tone="neutral" title="Waiting for a worker">
          {job.attempt > 0
            ? `Attempt ${job.attempt} did not come to its end and nothing of it was kept. It begins again shortly.`
            : 'It starts as soon as a worker is free and your company runs fewer exports than allowed at once.'}{' '}
          {isFollowed
            ? 'Leave it; you are told when it ends.'
            : 'It goes on while nobody looks; whoever asked for it is told when it ends.'}
        </Notice>
      );
    case 'running':
      return <JobProgress job={job} />;
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
          What it had written was thrown away. Rerun it to start again.
        </Notice>
      );
  }
}

function Succeeded({ job }: { readonly job: ExportJob }) {
  const me = useMe();
  const { name: zone } = useTimeZone();
  const now = useNow(COUNTDOWN_MS);
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
