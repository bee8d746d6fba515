import { useEffect, useState } from 'react';
import type { ExportJob } from '../../api/exports.ts';
import { isExpired } from '../../exports/export-actions.ts';
import { formatCount, plural } from '../../format/numbers.ts';
import { formatRelative } from '../../time/format-time.ts';
import { Notice } from '../../ui/notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';

/** What is happening, and what to do next, in each state. */
export function JobMessage({ job }: { readonly job: ExportJob }) {
  switch (job.status) {
    case 'pending':
      return (
        <Notice tone="neutral" title="Waiting for a worker">
          {job.attempt > 0
            ? 'Its worker stopped; another one takes it up and begins again.'
            : 'It starts as soon as a worker is free and your company runs fewer exports than allowed at once. Leave it; you are told when it ends.'}
        </Notice>
      );
    case 'running':
      return <Running job={job} />;
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

function Running({ job }: { readonly job: ExportJob }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const { rowsExported, rowsExpected, startedAt } = job;
  const seconds = startedAt === null ? 0 : Math.max(0.5, (now - Date.parse(startedAt)) / 1000);
  const rate = rowsExported / Math.max(seconds, 0.5);
  const left =
    rowsExpected === null || rate < 1 ? null : Math.max(0, rowsExpected - rowsExported) / rate;
  return (
    <div
      className="grid gap-2 rounded-md border border-info-line bg-info-tint px-3 py-2.5 text-sm text-info"
      role="status"
      aria-live="off"
    >
      <p className="font-semibold">
        {job.cancelRequestedAt !== null
          ? 'Stopping: what it has written is thrown away'
          : `Writing the file${job.attempt > 1 ? `, attempt ${job.attempt}` : ''}`}
      </p>
      <ProgressBar label="Export progress" done={rowsExported} total={rowsExpected} />
      <p className="tabular-nums">
        {formatCount(rowsExported)} of{' '}
        {rowsExpected === null ? 'an unknown number' : formatCount(rowsExpected)} rows ·{' '}
        {formatCount(Math.round(rate))} a second
        {left !== null &&
          ` · ${left < 60 ? `${Math.ceil(left)} s` : `${Math.ceil(left / 60)} min`} left`}
      </p>
    </div>
  );
}

function Succeeded({ job }: { readonly job: ExportJob }) {
  if (isExpired(job)) {
    return (
      <Notice tone="warning" title="The file has expired">
        The job and its digests stay as evidence. Rerun the export to get a new file.
      </Notice>
    );
  }
  const until = job.artifactExpiresAt;
  return (
    <Notice
      tone="success"
      title={`Complete: ${plural(job.rowsExported, 'row')}${job.truncated ? ', cut at its row limit' : ''}`}
    >
      {job.truncated
        ? 'More events match; the first ones by time are in the file.'
        : 'Every event that matched when it started is in the file, exactly once.'}
      {until !== null &&
        ` The file is kept until ${until.slice(0, 10)} (${formatRelative(new Date(until))}).`}
    </Notice>
  );
}
