import { useQuery } from '@tanstack/react-query';
import type { DriftingList } from '../../../api/list.ts';
import { type SavedView, viewQuery, viewsQuery } from '../../../api/presets.ts';
import { isGone } from '../../../api/problem.ts';
import { queryClient } from '../../../api/query-client.ts';
import {
  type CheckedEventSearch,
  checkEventSearch,
  type EventSearch,
  hasFilters,
  searchOfQuery,
} from '../../../events/event-search.ts';
import { differencesFrom, isTooLong, overView } from '../../../events/short-address.ts';
import { ignoredParameter } from '../../../ignored-parameters.ts';

interface ExpandedSearch extends CheckedEventSearch {
  /** True while the saved view of the address is loading. */
  readonly isLoading: boolean;
}

/** Expands an address that may contain only the differences from a saved view. */
export function useExpandedSearch(address: Record<string, unknown>): ExpandedSearch {
  const { search: own, ignored } = checkEventSearch(address);
  const { base, without: _without, ...plain } = own;
  // A link with a view and no filter means the view's own filters (use-linked-view.ts).
  const isBased = base !== undefined || (own.savedView !== undefined && !hasFilters(plain));
  const id = isBased ? own.savedView : undefined;
  const view = useQuery({ ...viewQuery(id ?? ''), enabled: id !== undefined, retry: false });
  if (!isBased) return { search: plain, ignored, isLoading: false };
  if (id !== undefined && view.data !== undefined && base === undefined)
    return { search: plain, ignored, isLoading: false };
  if (id !== undefined && view.data !== undefined)
    return { search: overView(searchOfQuery(view.data.query, id), own), ignored, isLoading: false };
  if (id !== undefined && view.isPending) return { search: plain, ignored, isLoading: true };
  const reason = isGone(view.error)
    ? "The saved view in this address was deleted, or you don't have access to it."
    : "Couldn't load the saved view in this address.";
  const { savedView: _savedView, ...rest } = plain;
  const missing = [
    ignoredParameter('savedView', id ?? '', reason, true),
    ...(base === undefined ? [] : [ignoredParameter('base', base, reason, true)]),
  ];
  return { search: rest, ignored: [...ignored, ...missing], isLoading: false };
}

/** The address of a filter. If it is too long, it contains only the differences from the saved view. */
export function shortAddress(search: EventSearch): EventSearch {
  const { savedView: id } = search;
  if (id === undefined || !isTooLong(search)) return search;
  const view = knownView(id);
  if (view === undefined) return search;
  // Cache the view used for shortening, so that expanding uses the same version.
  queryClient.setQueryData(viewQuery(id).queryKey, view);
  return differencesFrom(searchOfQuery(view.query, id), search);
}

function knownView(id: string): SavedView | undefined {
  const list = queryClient.getQueryData<DriftingList<SavedView>>(viewsQuery.queryKey);
  return (
    list?.data.find((view) => view.id === id) ?? queryClient.getQueryData(viewQuery(id).queryKey)
  );
}
