import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowLeft, Ban, Download, RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { exportFilters } from '../../api/event-query.ts';
import { eventsQuery, forgetBounds } from '../../api/events.ts';
import { isProblem } from '../../api/problem.ts';
import { queryClient } from '../../api/query-client.ts';
import {
  type EventSearch,
  listOptions,
  lockedWorkspace,
  queryOfSearch,
} from '../../events/event-search.ts';
import { ExportDialog } from '../../exports/dialog/export-dialog.tsx';
import { useMe } from '../../session/session.tsx';
import { exportBlocked, unresolvedParameters } from '../../ignored-parameters.ts';
import { IgnoredNotice } from '../../shell/ignored-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { withFilter } from './cell-filter.ts';
import { EventsTableSkeleton } from './events-table.tsx';
import { EventsView } from './events-view.tsx';
import { FilterBar } from './filter-bar.tsx';
import { SavedViewsMenu } from './saved-views/saved-views-menu.tsx';
import { shortAddress, useExpandedSearch } from './saved-views/expanded-search.ts';
import { VolumeHistogram } from './volume-histogram.tsx';

/** How often an open page requests the number of newer events. */
const NEWER_EVERY_MS = 30_000;
/** Choosing a time range resolves all of these if they were ignored. */
const TIME_PARAMETERS = ['from', 'to', 'range'] as const;

/** The event explorer. The URL holds its whole state. */
export function EventsPage() {
  const me = useMe();
  // Parsed here as well, because the router merges the parsed parameters with the raw ones.
  const address = useSearch({ from: '/signed-in/events' });
  const { search, ignored, isLoading } = useExpandedSearch(address);
  const navigate = useNavigate({ from: '/events' });
  const [exporting, setExporting] = useState(false);
  /** Shows exactly this search and drops ignored parameters from the address. */
  const open = (next: EventSearch, replace = false) =>
    void navigate({ search: shortAddress(next), replace });
  /** Changes a filter, page or event. Ignored parameters stay in the address until they are resolved. */
  const show = (next: EventSearch, replace = false) => {
    const timeChosen = TIME_PARAMETERS.some((name) => next[name] !== search[name]);
    const resolved = timeChosen ? TIME_PARAMETERS : [];
    open({ ...unresolvedParameters(address, ignored, next, resolved), ...next }, replace);
  };
  const blocked = exportBlocked(ignored);
  // Forget the bounds on leaving, so that returning to this page loads current events.
  useEffect(() => forgetBounds, []);
  /** Reloads everything with current data. */
  const refresh = () => {
    forgetBounds();
    void queryClient.invalidateQueries({ queryKey: ['events'] });
  };
  const showNewer = () => {
    refresh();
    if (search.page !== undefined || search.cursor !== undefined) show(withFilter(search, {}));
  };
  const query = queryOfSearch(search, me);
  const noWorkspace = !me.permissions.companyWide && lockedWorkspace(search, me) === undefined;
  const list = useQuery({
    ...eventsQuery(
      { ...query, ...listOptions(search) },
      search.cursor === undefined ? { page: search.page ?? 1 } : { cursor: search.cursor },
    ),
    placeholderData: keepPreviousData,
    enabled: !noWorkspace && !isLoading,
    // Refetching updates the count of newer events; the rows stay fixed at the first page's bound.
    refetchInterval: NEWER_EVERY_MS,
  });
  useShortcuts({ e: () => !noWorkspace && blocked === null && setExporting(true) });
  if (noWorkspace) return <NoWorkspace />;
  if (isLoading)
    return (
      <>
        <PageHeader title="Events" />
        <EventsTableSkeleton />
      </>
    );
  return (
    <div className="flex h-dvh flex-col max-sm:h-auto max-sm:min-h-[calc(100dvh-56px)]">
      <PageHeader
        title="Events"
        actions={
          <>
            <IconButton
              label="Refresh"
              icon={RefreshCw}
              className={list.isFetching ? 'max-sm:hidden [&_svg]:animate-spin' : 'max-sm:hidden'}
              onClick={refresh}
            />
            <SavedViewsMenu search={search} blockedReason={blocked} onOpen={open} />
            <Button
              variant="primary"
              icon={Download}
              disabledReason={blocked}
              onClick={() => setExporting(true)}
            >
              Export…
            </Button>
          </>
        }
      >
        {search.ref === 'dashboard' && (
          <Link
            to="/"
            className="mb-2 inline-flex items-center gap-1 text-sm text-muted hover:text-text"
          >
            <ArrowLeft aria-hidden size={14} /> Back to Home
          </Link>
        )}
      </PageHeader>
      <IgnoredNotice
        ignored={ignored}
        consequence="Export and Save view are unavailable until you continue."
        onContinue={() => open(search, true)}
      />
      <FilterBar
        search={search}
        onChange={show}
        onReset={open}
        isResettable={ignored.length > 0}
        settled={!list.isPending}
      />
      {!isProblem(list.error) && (
        <ErrorBoundary
          fallback={
            <p className="px-4 pb-3 text-sm text-muted lg:px-6">Couldn't draw the volume chart.</p>
          }
        >
          <VolumeHistogram
            query={query}
            onZoom={({ from, to }) => show(withFilter(search, { from, to, range: undefined }))}
          />
        </ErrorBoundary>
      )}
      <EventsView search={search} list={list} onShow={show} onShowNewer={showNewer} />
      <ExportDialog
        open={exporting}
        onOpenChange={setExporting}
        start={{
          query: exportFilters(query),
          ...(search.savedView !== undefined && { savedViewId: search.savedView }),
          ...(list.data && { shownRows: list.data.data.length }),
        }}
      />
    </div>
  );
}

function NoWorkspace() {
  return (
    <>
      <PageHeader title="Events" />
      <EmptyState icon={Ban} title="You aren't in a workspace yet">
        Events belong to workspaces. Ask an owner or admin of your company to add you to one.
      </EmptyState>
    </>
  );
}
