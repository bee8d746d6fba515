import type { UseQueryResult } from '@tanstack/react-query';
import { SearchX } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { EventPage } from '../../api/events.ts';
import { isProblem } from '../../api/problem.ts';
import type { EventSearch } from '../../events/event-search.ts';
import { formatCount } from '../../format/numbers.ts';
import { useMe } from '../../session/session.tsx';
import { ProblemState } from '../../shell/problem-state.tsx';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useStable } from '../../ui/use-stable.ts';
import { useIsPhone } from '../../ui/use-is-phone.ts';
import { addFilter, type CellFilter, withFilter } from './cell-filter.ts';
import { EventsList } from './events-list.tsx';
import { EventsTable, EventsTableSkeleton } from './events-table.tsx';
import { NoEvents } from './no-events.tsx';
import { Pager } from './pager.tsx';

/** Loaded when the first event is opened. */
const EventDrawer = lazy(async () => ({
  default: (await import('./event-drawer.tsx')).EventDrawer,
}));

interface EventsViewProps {
  readonly search: EventSearch;
  readonly list: UseQueryResult<EventPage>;
  readonly onShow: (next: EventSearch, replace?: boolean) => void;
  /** Shows the first page including the newer events. */
  readonly onShowNewer: () => void;
}

/** The list of events, or its loading, error or empty state, and the drawer of the open event. */
export function EventsView({ search, list, onShow, onShowNewer }: EventsViewProps) {
  const me = useMe();
  const isPhone = useIsPhone();
  const { data: page, error, isPlaceholderData, refetch } = list;
  const events = page?.data ?? [];
  const openIndex = events.findIndex(({ id }) => id === search.event);
  const opened = events[openIndex];
  const [marked, setMarked] = useState(-1);
  const current = openIndex >= 0 ? openIndex : Math.min(marked, events.length - 1);
  const open = useStable((index: number) => {
    const event = events[index];
    if (event === undefined) return;
    setMarked(index);
    // Moving between events in the open drawer replaces the history entry, so that one Back closes it.
    onShow({ ...search, event: event.id }, search.event !== undefined);
  });
  const filter = useStable((value: CellFilter) => onShow(addFilter(search, value)));
  const move = (by: number) => {
    const next = Math.max(0, Math.min(current + by, events.length - 1));
    if (search.event === undefined) setMarked(next);
    else open(next);
  };
  const close = () => {
    const { event: _event, ...rest } = search;
    onShow(rest);
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    Enter: (event) => {
      const onControl =
        event.target instanceof HTMLElement && event.target.closest('button, a') !== null;
      if (!onControl && current >= 0) open(current);
    },
    Escape: () => search.event !== undefined && close(),
  });
  const drawer = search.event !== undefined && (
    <Suspense>
      <EventDrawer
        id={search.event}
        known={opened && { event: opened, receipt: page?.receipts[openIndex] ?? null }}
        onClose={close}
        onPrevious={openIndex > 0 ? () => open(openIndex - 1) : undefined}
        onNext={
          openIndex >= 0 && openIndex < events.length - 1 ? () => open(openIndex + 1) : undefined
        }
        onFilterTrace={(trace) =>
          onShow(
            withFilter(search, { trace: [trace], range: 'all', from: undefined, to: undefined }),
          )
        }
        onFilterApiKey={(apiKey) =>
          onShow(
            withFilter(search, { apiKey: [apiKey], range: 'all', from: undefined, to: undefined }),
          )
        }
      />
    </Suspense>
  );
  const firstPage = (
    <Button onClick={() => onShow(withFilter(search, {}))}>Go to first page</Button>
  );
  if (error) {
    // The error may come from a wrong page or cursor in the address.
    const elsewhere = search.cursor !== undefined || search.page !== undefined;
    return (
      <>
        <ProblemState
          error={error}
          onRetry={() => void refetch()}
          title={
            isProblem(error, 'SEARCH_TOO_BROAD')
              ? 'This search is too broad'
              : "Couldn't load the events"
          }
        >
          {isProblem(error, 'SEARCH_TOO_BROAD') && (
            <p className="mt-1">
              Choose a shorter time range, a category or an action, then search again.
            </p>
          )}
          {elsewhere && !isProblem(error, 'SEARCH_TOO_BROAD') && (
            <div className="mt-3">{firstPage}</div>
          )}
        </ProblemState>
        {drawer}
      </>
    );
  }
  if (page === undefined || (isPlaceholderData && events.length === 0))
    return <EventsTableSkeleton />;
  if (events.length === 0 && (page.page ?? 2) === 1) {
    return (
      <>
        <NoEvents search={search} onShow={onShow} />
        {drawer}
      </>
    );
  }
  if (events.length === 0 && !isPlaceholderData) {
    return (
      <>
        <EmptyState icon={SearchX} title="This page doesn't exist" actions={firstPage}>
          {page.total === 1 ? '1 event matches' : `${formatCount(page.total)} events match`}, on
          fewer pages.
        </EmptyState>
        {drawer}
      </>
    );
  }
  const rows = { events, stale: isPlaceholderData, onOpen: open };
  return (
    <>
      {isPhone ? (
        <EventsList {...rows} />
      ) : (
        <EventsTable
          {...rows}
          current={current}
          ascending={search.order === 'asc'}
          onSort={() =>
            onShow(
              withFilter(
                search,
                search.order === 'asc'
                  ? { order: undefined, sort: undefined }
                  : { order: 'asc', sort: 'timestamp' },
              ),
            )
          }
          onFilter={filter}
          firstIndex={((page.page ?? 1) - 1) * page.pageSize + 2}
          total={page.totalExact ? page.total + 1 : -1}
          showWorkspace={me.permissions.companyWide && me.workspaces.length > 1}
        />
      )}
      <Pager
        page={page}
        onShowNewer={onShowNewer}
        onPage={(number) =>
          onShow({ ...withFilter(search, {}), ...(number > 1 && { page: number }) })
        }
        onCursor={(cursor) => onShow({ ...withFilter(search, {}), cursor })}
        onPageSize={(pageSize) =>
          onShow(withFilter(search, { pageSize: pageSize === 50 ? undefined : pageSize }))
        }
      />
      {drawer}
    </>
  );
}
