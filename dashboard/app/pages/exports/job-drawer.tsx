import { useQuery } from '@tanstack/react-query';
import { Download, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { type ExportJob, exportQuery } from '../../api/exports.ts';
import { isProblem } from '../../api/problem.ts';
import { actionReason } from '../../exports/export-actions.ts';
import { ExportStatusBadge } from '../../exports/export-status-badge.tsx';
import { isTerminal } from '../../exports/export-state.ts';
import { DownloadLink } from '../../exports/download-link.tsx';
import { JobMenu } from '../../exports/job-menu.tsx';
import { RerunDialog } from '../../exports/rerun-dialog.tsx';
import { useOpenInExplorer } from '../../exports/use-open-in-explorer.ts';
import { useMe } from '../../session/session.tsx';
import { ProblemState } from '../../shell/problem-state.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Drawer } from '../../ui/overlay/drawer.tsx';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { JobDetail } from './job-detail.tsx';

const LIVE_MS = 700;

interface JobDrawerProps {
  readonly jobId: string | undefined;
  /** The job from the list, if it is on the page. */
  readonly known: ExportJob | undefined;
  readonly onClose: () => void;
}

/** The details of one job, updated live. Loads jobs that are not on the page. */
export function JobDrawer({ jobId, known, onClose }: JobDrawerProps) {
  const { data, error, refetch } = useQuery({
    ...exportQuery(jobId ?? ''),
    enabled: jobId !== undefined,
    refetchInterval: ({ state }) =>
      state.data !== undefined && !isTerminal(state.data.status) ? LIVE_MS : false,
  });
  const job = data ?? known;
  return (
    <Drawer
      open={jobId !== undefined}
      onClose={onClose}
      title={
        <span className="flex items-center gap-2">
          Export
          {job && (
            <ExportStatusBadge
              status={job.status}
              canceling={job.cancelRequestedAt !== null && job.status === 'running'}
            />
          )}
        </span>
      }
      actions={job && <JobMenu job={job} withView={false} />}
      footer={job && <JobFooter key={job.jobId} job={job} />}
    >
      {job ? (
        <ErrorBoundary
          key={job.jobId}
          fallback={<CodeBlock text={JSON.stringify(job, null, 2)} label="Copy job" />}
        >
          <JobDetail job={job} />
        </ErrorBoundary>
      ) : isProblem(error, 'NOT_FOUND', 'WORKSPACE_FORBIDDEN') ? (
        <Notice tone="warning" title="Export not found">
          The link may be wrong, or the export covers a workspace you don't have access to.
        </Notice>
      ) : error ? (
        <ProblemState
          error={error}
          onRetry={() => void refetch()}
          title="Couldn't load the export"
        />
      ) : (
        <div className="grid gap-3" aria-busy="true">
          {Array.from({ length: 9 }, (_, row) => (
            <Skeleton key={row} className="h-5" />
          ))}
        </div>
      )}
    </Drawer>
  );
}

function JobFooter({ job }: { readonly job: ExportJob }) {
  const me = useMe();
  const openInExplorer = useOpenInExplorer();
  const download = actionReason('download', job, me);
  const [rerunning, setRerunning] = useState(false);
  // The next step if there is no file to download.
  const offersRerun = download !== null && actionReason('rerun', job, me) === null;
  return (
    <>
      {download === null && (
        <DownloadLink job={job} className={buttonClass({ variant: 'primary' })}>
          <Download aria-hidden size={15} /> Download
        </DownloadLink>
      )}
      {typeof download === 'string' && (
        <Button variant="primary" icon={Download} disabledReason={download}>
          Download
        </Button>
      )}
      {offersRerun && (
        <Button
          variant={download === undefined ? 'primary' : 'secondary'}
          icon={RotateCcw}
          onClick={() => setRerunning(true)}
        >
          Rerun…
        </Button>
      )}
      {rerunning && <RerunDialog job={job} onClose={() => setRerunning(false)} />}
      <Button onClick={() => openInExplorer(job)}>Open in Explorer</Button>
    </>
  );
}
