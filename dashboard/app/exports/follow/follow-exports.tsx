import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useEffect } from 'react';
import { type ExportJob, exportQuery, exportsQuery } from '../../api/exports.ts';
import { isProblem } from '../../api/problem.ts';
import { queryClient } from '../../api/query-client.ts';
import { formatBytes, plural } from '../../format/numbers.ts';
import { useMe } from '../../session/session.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { dismissToast, showToast } from '../../ui/overlay/toast.tsx';
import { DownloadLink } from '../download-link.tsx';
import { EXPORT_STATUSES, isTerminal } from '../export-state.ts';
import {
  followFound,
  isOfThisTab,
  unfollowExport,
  useFollowedExports,
} from './followed-exports.ts';
import { useRunningTitle } from './running-title.ts';
import { updateCachedJob } from './update-cached-job.ts';

const UNFINISHED = EXPORT_STATUSES.filter((status) => !isTerminal(status));
const POLL_MS = 700;
/**
 * Keep polling in a background tab, so that its title shows the progress and the toast is there when the user
 * returns.
 */
const HIDDEN_POLL_MS = 5000;

/** Younger jobs were probably started in another tab, which reports their result itself. */
const FOUND_AFTER_MS = 10_000;
const MAX_FOUND_EXPORTS = 20;

/**
 * Polls the jobs that this user started, updates them in all lists and reports their results. Mounted once in the
 * shell.
 */
export function FollowExports() {
  const ids = useFollowedExports();
  useFindOwnExports();
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
      updateCachedJob(job);
      if (isTerminal(job.status)) conclude(job);
    }
    for (const id of gone) unfollowExport(id);
  });
  useRunningTitle('followed', jobs);
  return null;
}

/** On load, follows the user's unfinished exports that were started earlier or elsewhere. */
function useFindOwnExports(): void {
  const me = useMe();
  const { data } = useQuery({
    ...exportsQuery({ requestedBy: me.user.id, status: UNFINISHED, limit: MAX_FOUND_EXPORTS }),
    // A separate key, so that invalidating the lists does not reload this query.
    queryKey: ['own unfinished exports', me.user.id],
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    for (const { jobId, createdAt, cancelRequestedAt } of data?.data ?? [])
      if (cancelRequestedAt === null && Date.now() - Date.parse(createdAt) > FOUND_AFTER_MS)
        followFound(jobId);
  }, [data]);
}

function conclude(job: ExportJob): void {
  const isOwn = isOfThisTab(job.jobId);
  unfollowExport(job.jobId);
  void queryClient.invalidateQueries({ queryKey: ['exports', 'list'] });
  if (isOwn || job.status !== 'canceled') announce(job);
}

function announce(job: ExportJob): void {
  const id = `export ${job.jobId}`;
  const view = (
    <Link
      to="/exports/$jobId"
      params={{ jobId: job.jobId }}
      className={buttonClass({ size: 'sm' })}
      // The drawer of this job already shows the result, and the toast would cover its buttons.
      onClick={() => dismissToast(id)}
    >
      View
    </Link>
  );
  if (job.status === 'succeeded') {
    showToast({
      id,
      tone: 'success',
      title: 'Export finished',
      body: `${plural(job.rowsExported, 'row')}, ${formatBytes(job.bytes ?? 0)}${job.truncated ? ', truncated at its row limit' : ''}`,
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
      body: job.unfinishedPartsRemain
        ? 'Unfinished parts stay in the artifact store until the next cleanup.'
        : 'Partial output was deleted.',
      actions: view,
    });
  }
}
