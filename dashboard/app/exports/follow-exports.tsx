import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useEffect } from 'react';
import { type ExportJob, exportQuery } from '../api/exports.ts';
import { isProblem } from '../api/problem.ts';
import { queryClient } from '../api/query-client.ts';
import { formatBytes, plural } from '../format/numbers.ts';
import { buttonClass } from '../ui/button.tsx';
import { showToast } from '../ui/toast.tsx';
import { DownloadLink } from './download-link.tsx';
import { isTerminal } from './export-state.ts';
import { unfollowExport, useFollowedExports } from './followed-exports.ts';
import { useRunningTitle } from './running-title.ts';
import { putJob } from './put-job.ts';

const POLL_MS = 700;
/** Nobody looks, but the title of the tab moves, and the toast is there when they come back. */
const HIDDEN_POLL_MS = 5000;

/** Once, in the shell: watches the jobs that this tab began, moves them in every list, and tells how they ended. */
export function FollowExports() {
  const ids = useFollowedExports();
  const results = useQueries({
    queries: ids.map((id) => ({
      ...exportQuery(id),
      refetchInterval: () => (document.hidden ? HIDDEN_POLL_MS : POLL_MS),
      refetchIntervalInBackground: true,
      staleTime: 0,
    })),
  });
  const jobs = results.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const gone = ids.filter((_, index) =>
    isProblem(results[index]?.error, 'NOT_FOUND', 'WORKSPACE_FORBIDDEN'),
  );
  useEffect(() => {
    for (const job of jobs) {
      putJob(job);
      if (isTerminal(job.status)) conclude(job);
    }
    for (const id of gone) unfollowExport(id);
  });
  useRunningTitle('followed', jobs);
  return null;
}

function conclude(job: ExportJob): void {
  unfollowExport(job.jobId);
  void queryClient.invalidateQueries({ queryKey: ['exports', 'list'] });
  announce(job);
}

function announce(job: ExportJob): void {
  const view = (
    <Link
      to="/exports/$jobId"
      params={{ jobId: job.jobId }}
      className={buttonClass({ size: 'sm' })}
    >
      View
    </Link>
  );
  const id = `export ${job.jobId}`;
  if (job.status === 'succeeded') {
    showToast({
      id,
      tone: 'success',
      title: 'Export finished',
      body: `${plural(job.rowsExported, 'row')}, ${formatBytes(job.bytes ?? 0)}${job.truncated ? ', cut at its limit' : ''}`,
      actions: (
        <>
          <DownloadLink job={job} className={buttonClass({ size: 'sm', variant: 'primary' })}>
            <Download aria-hidden size={14} /> Download
          </DownloadLink>
          {view}
        </>
      ),
      durationMs: 20_000,
    });
  } else if (job.status === 'failed') {
    showToast({
      id,
      tone: 'danger',
      title: 'Export failed',
      body: `${job.failureSummary ?? ''} ${job.retryHint ?? ''}`,
      actions: view,
    });
  } else {
    showToast({
      id,
      tone: 'warning',
      title: 'Export canceled',
      body: 'Nothing was kept.',
      actions: view,
    });
  }
}
