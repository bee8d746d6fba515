import { useQuery } from '@tanstack/react-query';
import { Bookmark, ChevronDown } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { exportFilters } from '../../../api/event-query.ts';
import { isGone, isProblem } from '../../../api/problem.ts';
import { type SavedView, viewQuery, views, viewsQuery } from '../../../api/presets.ts';
import { type EventSearch, queryOfSearch, searchOfQuery } from '../../../events/event-search.ts';
import { useMe } from '../../../session/session.tsx';
import { useWithoutDeleted } from '../../../shell/being-deleted.ts';
import { Button, buttonClass } from '../../../ui/button.tsx';
import { classNames } from '../../../ui/class-names.ts';
import { Popover } from '../../../ui/overlay/popover.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { showToast } from '../../../ui/overlay/toast.tsx';
import { deleteView } from './delete-view.ts';
import { sameFilters } from './same-query.ts';
import { useDefaultView } from './use-default-view.ts';
import { useLinkedView } from './use-linked-view.ts';
import { lockedReason } from './view-place.ts';

/** Loaded when first opened. */
const SavedViewsList = lazy(async () => ({
  default: (await import('./saved-views-list.tsx')).SavedViewsList,
}));
const ViewForm = lazy(async () => ({ default: (await import('./view-form.tsx')).ViewForm }));

interface SavedViewsMenuProps {
  readonly search: EventSearch;
  /**
   * The reason the filters can't be saved, if part of the address was ignored. The default view is not opened then
   * either.
   */
  readonly blockedReason: string | null;
  readonly onOpen: (next: EventSearch, replace?: boolean) => void;
}

type Editing = { readonly view?: SavedView; readonly withFilters: boolean };

/** The saved-views menu: shows the open view, whether its filters were modified, and all other views. */
export function SavedViewsMenu({ search, blockedReason, onOpen }: SavedViewsMenuProps) {
  const me = useMe();
  const [open, setOpen] = useState(false);
  const [editing, setEditing] = useState<Editing>();
  const list = useQuery(viewsQuery);
  const listed = useWithoutDeleted(list.data?.data ?? []);
  const known = listed.find(({ id }) => id === search.savedView);
  const asked = useQuery({
    ...viewQuery(search.savedView ?? ''),
    enabled: search.savedView !== undefined && list.isSuccess && !known,
    retry: false,
  });
  const view = known ?? (isGone(asked.error) ? undefined : asked.data);
  const query = exportFilters(queryOfSearch(search, me));
  const modified =
    view !== undefined &&
    !sameFilters(exportFilters(queryOfSearch(searchOfQuery(view.query), me)), query);
  const run = (chosen: SavedView, replace = false, kept: EventSearch = {}) => {
    setOpen(false);
    onOpen({ ...searchOfQuery(chosen.query, chosen.id), ...kept }, replace);
    // Records the use in the audit log; the page does not wait for it.
    views.run(chosen.id).catch((error: unknown) => {
      if (isProblem(error, 'NOT_FOUND'))
        showToast({
          tone: 'warning',
          title: 'This view was deleted',
          body: 'Its filters still apply.',
        });
    });
  };
  const isBlocked = blockedReason !== null;
  useDefaultView({ search, isBlocked }, list.data && listed, (chosen) => run(chosen, true));
  useLinkedView(search, isBlocked ? undefined : view, (chosen) => run(chosen, true, search));
  const remove = (chosen: SavedView) => {
    deleteView(chosen);
    const { savedView, ...rest } = search;
    if (savedView === chosen.id) onOpen(rest, true);
  };
  const canUpdate = modified && !isBlocked && lockedReason(view, me) === null;
  return (
    <>
      <Popover
        label="Saved views"
        open={open}
        onOpenChange={setOpen}
        align="end"
        trigger={
          <button type="button" className={classNames(buttonClass(), 'max-w-64')}>
            <Bookmark aria-hidden size={15} />
            <span className={classNames('truncate', view === undefined && 'max-sm:sr-only')}>
              {view?.name ?? 'Saved views'}
            </span>
            {modified && (
              <span className="rounded-sm bg-warning-tint px-1 text-xs text-warning">modified</span>
            )}
            <ChevronDown aria-hidden size={14} className="text-muted" />
          </button>
        }
      >
        <Suspense
          fallback={
            <div className="grid w-84 max-w-full gap-2 p-2" aria-busy="true">
              <Skeleton className="h-8" />
              <Skeleton className="h-24" />
            </div>
          }
        >
          <SavedViewsList
            list={list}
            current={search.savedView}
            gone={isGone(asked.error)}
            onRun={(chosen) => run(chosen)}
            onDelete={remove}
            onEdit={(chosen) => {
              setOpen(false);
              setEditing({ view: chosen, withFilters: false });
            }}
          />
        </Suspense>
      </Popover>
      {canUpdate && (
        <Button onClick={() => setEditing({ view, withFilters: true })}>Update view</Button>
      )}
      <Button
        onClick={() => setEditing({ withFilters: true })}
        disabledReason={
          blockedReason ??
          (list.data?.drift != null
            ? "Saved views aren't available in this region yet: its database needs a migration"
            : null)
        }
      >
        {view === undefined ? 'Save view' : 'Save as…'}
      </Button>
      {editing && (
        <Suspense>
          <ViewForm
            view={editing.view}
            query={editing.withFilters ? query : undefined}
            onClose={() => setEditing(undefined)}
            onSaved={(saved) => {
              setEditing(undefined);
              showToast({ tone: 'success', title: `View “${saved.name}” saved` });
              if (editing.withFilters) onOpen(searchOfQuery(saved.query, saved.id));
            }}
          />
        </Suspense>
      )}
    </>
  );
}
