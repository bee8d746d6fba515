import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CalendarSearch, Fingerprint, KeyRound, PackageOpen } from 'lucide-react';
import { histogramQuery } from '../../api/events.ts';
import { type ExportJob, type ExportListFilter, exportsQuery } from '../../api/exports.ts';
import { lockedWorkspace, queryOfSearch } from '../../events/event-search.ts';
import { ExportStatusBadge } from '../../exports/export-status-badge.tsx';
import { EXPORT_STATUSES, isTerminal } from '../../exports/export-state.ts';
import { RowsCell } from '../../exports/rows-cell.tsx';
import { formatCount } from '../../format/numbers.ts';
import { useMe, useWorkspaceName } from '../../session/session.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { Timestamp } from '../../time/timestamp.tsx';
import { ItemBoundary } from '../../ui/row-boundary.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { Requester } from '../../exports/requester.tsx';

const RECENT = 6;
const UNFINISHED = EXPORT_STATUSES.filter((status) => !isTerminal(status));
const LIVE_MS = 1000;
const IDLE_MS = 15_000;

/** Recent activity, and links to the other pages. */
export function HomePage() {
  const me = useMe();
  return (
    <>
      <PageHeader title="Home" />
      <div className="mx-auto grid max-w-5xl gap-8 px-4 py-6 lg:px-6">
        <WeekOfEvents />
        <RecentExports />
        <section aria-labelledby="ways">
          <h2 id="ways" className="mb-2 text-lg font-semibold">
            Quick links
          </h2>
          <ul className="grid gap-x-8 border-t sm:grid-cols-2">
            <Way
              to="/events"
              icon={CalendarSearch}
              title="Explore events"
              text="Search, filter and inspect events"
            />
            <Way
              to="/exports"
              icon={PackageOpen}
              title="Exports"
              text="Create, follow and download JSONL or CSV files"
            />
            {me.permissions.administer && (
              <Way
                to="/evidence"
                icon={Fingerprint}
                title="Evidence"
                text="Who exported and downloaded what"
              />
            )}
            <Way
              to="/settings"
              icon={KeyRound}
              title="Settings"
              text={
                me.permissions.administer
                  ? 'Members, workspaces and API keys'
                  : 'Your profile and sessions'
              }
            />
          </ul>
        </section>
      </div>
    </>
  );
}

function WeekOfEvents() {
  const me = useMe();
  const workspaceName = useWorkspaceName();
  const workspace = lockedWorkspace({}, me);
  const none = !me.permissions.companyWide && workspace === undefined;
  const { data, error } = useQuery({
    ...histogramQuery(queryOfSearch({ range: '7d' }, me)),
    enabled: !none,
  });
  const where = workspace === undefined ? me.company.name : workspaceName(workspace);
  return (
    <section aria-labelledby="week">
      <div className="flex items-baseline justify-between gap-3">
        <h2 id="week" className="text-lg font-semibold">
          Events, last 7 days
        </h2>
        <Link
          to="/events"
          search={{ range: '7d', ref: 'dashboard' }}
          className="text-sm text-accent hover:underline"
        >
          View events
        </Link>
      </div>
      {none ? (
        <p className="mt-2 text-muted">
          You aren't in a workspace yet. Ask an owner or admin to add you to one.
        </p>
      ) : error ? (
        <p className="mt-2 text-muted">Couldn't count the events: {error.message}</p>
      ) : (
        <div className="mt-2 grid items-end gap-x-8 gap-y-3 sm:grid-cols-[auto_1fr]">
          <p>
            {data ? (
              <span className="block text-xl font-semibold tabular-nums">
                {formatCount(data.total)}
              </span>
            ) : (
              <Skeleton className="h-7 w-24" />
            )}
            <span className="text-sm text-muted">in {where}</span>
          </p>
          <div className="h-14">
            {data ? (
              <Sparkline
                values={data.buckets.map(({ count }) => count)}
                label={`Events over the last 7 days: ${formatCount(data.total)} in total`}
              />
            ) : (
              <Skeleton className="h-full" />
            )}
          </div>
        </div>
      )}
    </section>
  );
}

/** Unfinished exports first, however old they are, then the newest ones. */
function useRecentExports() {
  const newest = useLiveExports({ limit: RECENT });
  const unfinished = useLiveExports({ status: UNFINISHED, limit: RECENT });
  const first = unfinished.data?.data ?? [];
  const ids = new Set(first.map(({ jobId }) => jobId));
  const others = newest.data?.data.filter(({ jobId }) => !ids.has(jobId));
  return {
    data: others && [...first, ...others].slice(0, Math.max(RECENT, first.length)),
    error: newest.error ?? unfinished.error,
  };
}

function useLiveExports(filter: ExportListFilter) {
  return useQuery({
    ...exportsQuery(filter),
    refetchInterval: ({ state }) =>
      state.data?.data.some(({ status }) => !isTerminal(status)) === true ? LIVE_MS : IDLE_MS,
  });
}

function RecentExports() {
  const { data, error } = useRecentExports();
  return (
    <section aria-labelledby="recent">
      <div className="mb-2 flex items-baseline justify-between gap-3">
        <h2 id="recent" className="text-lg font-semibold">
          Recent exports
        </h2>
        <Link to="/exports" className="text-sm text-accent hover:underline">
          All exports
        </Link>
      </div>
      {error ? (
        <p className="text-muted">Couldn't load the exports: {error.message}</p>
      ) : data === undefined ? (
        <Skeleton className="h-36" />
      ) : data.length === 0 ? (
        <p className="text-muted">No exports yet. Open Events and choose Export…</p>
      ) : (
        <ul className="border-t">
          {data.map((job) => (
            <ItemBoundary key={job.jobId} id={job.jobId}>
              <RecentExport job={job} />
            </ItemBoundary>
          ))}
        </ul>
      )}
    </section>
  );
}

function RecentExport({ job }: { readonly job: ExportJob }) {
  return (
    <li className="border-b">
      <Link
        to="/exports/$jobId"
        params={{ jobId: job.jobId }}
        className="grid min-h-9 grid-cols-[112px_64px_minmax(0,1fr)] items-center gap-x-3 py-1 text-sm hover:bg-raised/60 sm:grid-cols-[112px_96px_180px_minmax(0,1fr)_auto]"
      >
        <span>
          <ExportStatusBadge
            status={job.status}
            canceling={job.cancelRequestedAt !== null && job.status === 'running'}
          />
        </span>
        <span>
          {job.format}
          {job.compression !== 'none' && (
            <span className="text-muted max-sm:hidden"> {job.compression}</span>
          )}
        </span>
        <span className="max-sm:text-right">
          <RowsCell job={job} />
        </span>
        <span className="min-w-0 max-sm:hidden">
          <Requester job={job} />
        </span>
        <span className="max-sm:hidden">
          <Timestamp value={job.createdAt} />
        </span>
      </Link>
    </li>
  );
}

interface WayProps {
  readonly to: '/events' | '/exports' | '/evidence' | '/settings';
  readonly icon: typeof CalendarSearch;
  readonly title: string;
  readonly text: string;
}

function Way({ to, icon: Icon, title, text }: WayProps) {
  return (
    <li className="border-b">
      <Link to={to} className="flex items-center gap-3 py-3 hover:bg-raised/60">
        <Icon aria-hidden size={18} strokeWidth={1.7} className="shrink-0 text-accent" />
        <span>
          <span className="block font-medium">{title}</span>
          <span className="block text-sm text-muted">{text}</span>
        </span>
      </Link>
    </li>
  );
}
