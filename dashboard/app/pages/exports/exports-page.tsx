import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { PackageOpen, Plus, SearchX } from 'lucide-react';
import { useState } from 'react';
import { exportsQuery } from '../../api/exports.ts';
import { ExportDialog } from '../../exports/dialog/export-dialog.tsx';
import { JobDialogs } from '../../exports/job-dialogs.tsx';
import { isTerminal } from '../../exports/export-state.ts';
import { useRunningTitle } from '../../exports/follow/running-title.ts';
import { IgnoredNotice } from '../../shell/ignored-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { ProblemState } from '../../shell/problem-state.tsx';
import { StaleNotice } from '../../shell/stale-notice.tsx';
import { useRowKeys } from '../../shell/row-keys.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ExportsFilters } from './exports-filters.tsx';
import { checkExportsSearch, type ExportsSearch } from './exports-search.ts';
import { ExportsTable, ExportsTableSkeleton } from './exports-table.tsx';
import { ExportsTabs } from './exports-tabs.tsx';
import { JobDrawer } from './job-drawer.tsx';
import { StorageUse } from './storage-use.tsx';

const PAGE = 50;
/** Jobs of other users change too, so poll even without own jobs. */
const LIVE_MS = 900;
const IDLE_MS = 10_000;

/** The export jobs that the user may see, newest first, updated live. */
export function ExportsPage() {
  // Parsed here as well, because the router merges the parsed parameters with the raw ones.
  const checked = checkExportsSearch(useSearch({ from: '/signed-in/exports' }));
  const search: ExportsSearch = checked.read;
  const { jobId } = useParams({ strict: false });
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  const { cursor, ...newest } = search;
  const { status, format, requestedBy, workspace } = newest;
  const list = useQuery({
    ...exportsQuery({ status, format, requestedBy, workspaceId: workspace, cursor, limit: PAGE }),
    refetchInterval: ({ state }) =>
      state.data?.data.some((job) => !isTerminal(job.status)) === true ? LIVE_MS : IDLE_MS,
  });
  const jobs = list.data?.data ?? [];
  useRunningTitle('listed', jobs);
  useShortcuts({ e: () => setCreating(true) });
  useRowKeys({
    openIndex: jobs.findIndex((job) => job.jobId === jobId),
    count: jobs.length,
    onOpen: (index) => {
      const next = jobs[index];
      if (next === undefined) return;
      // Moving between jobs in the open drawer replaces the history entry, so that one Back closes it.
      void navigate({
        to: '/exports/$jobId',
        params: { jobId: next.jobId },
        search,
        replace: true,
      });
    },
  });
  const show = (next: ExportsSearch) => void navigate({ to: '/exports', search: next });
  const filtered =
    status !== undefined ||
    format !== undefined ||
    requestedBy !== undefined ||
    workspace !== undefined;
  return (
    <JobDialogs>
      <PageHeader
        title="Exports"
        actions={
          <Button variant="primary" icon={Plus} onClick={() => setCreating(true)}>
            New export…
          </Button>
        }
      >
        <ExportsTabs />
      </PageHeader>
      <IgnoredNotice
        ignored={checked.ignored}
        onContinue={() => void navigate({ to: '.', search, replace: true })}
      />
      <ExportsFilters search={search} jobs={jobs} onChange={show} />
      {list.error && list.data && <StaleNotice query={list} what="the exports" />}
      {list.error && !list.data ? (
        <ProblemState
          error={list.error}
          onRetry={() => void list.refetch()}
          title="Couldn't load the exports"
        />
      ) : list.data === undefined || (list.isPlaceholderData && jobs.length === 0) ? (
        <ExportsTableSkeleton />
      ) : jobs.length === 0 ? (
        cursor !== undefined ? (
          <EmptyState
            icon={SearchX}
            title="No older exports"
            actions={<Button onClick={() => show(newest)}>Newest exports</Button>}
          >
            You have reached the end of the list, or older exports were deleted.
          </EmptyState>
        ) : filtered ? (
          <EmptyState
            icon={SearchX}
            title="No exports match"
            actions={<Button onClick={() => show({})}>Show all exports</Button>}
          >
            Try other filters.
          </EmptyState>
        ) : (
          <EmptyState
            icon={PackageOpen}
            title="No exports yet"
            actions={
              <Button variant="primary" onClick={() => setCreating(true)}>
                New export…
              </Button>
            }
          >
            An export writes every event that matches a filter to one JSONL or CSV file, exactly
            once. It runs on the server. Follow its progress here, download the file and see who
            downloaded it.
          </EmptyState>
        )
      ) : (
        <ExportsTable
          jobs={jobs}
          search={search}
          stale={list.isPlaceholderData}
          nextCursor={list.data.nextCursor}
          onShow={show}
        />
      )}
      {jobs.length > 0 && <StorageUse />}
      <JobDrawer
        jobId={jobId}
        known={jobs.find((job) => job.jobId === jobId)}
        onClose={() => void navigate({ to: '/exports', search })}
      />
      <ExportDialog
        open={creating}
        onOpenChange={setCreating}
        start={{ title: 'New export', editable: true, query: { range: { last: '30d' } } }}
      />
      <Outlet />
    </JobDialogs>
  );
}
