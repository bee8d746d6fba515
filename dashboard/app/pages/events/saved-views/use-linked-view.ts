import { useEffect, useRef } from 'react';
import type { SavedView } from '../../../api/presets.ts';
import { type EventSearch, hasFilters } from '../../../events/event-search.ts';

/**
 * Opens the view of a link that has a view and no filters. Only once per view, so that removing its filters
 * afterwards does not bring them back.
 *
 * @param view the view in the address, once it is loaded
 */
export function useLinkedView(
  search: EventSearch,
  view: SavedView | undefined,
  open: (view: SavedView) => void,
): void {
  const seen = useRef<string | undefined>(undefined);
  const pending = useRef(false);
  useEffect(() => {
    if (search.savedView !== seen.current) {
      seen.current = search.savedView;
      pending.current = search.savedView !== undefined;
    }
    // Keep filters chosen while the view was loading.
    if (hasFilters(search)) pending.current = false;
    if (!pending.current || view === undefined) return;
    pending.current = false;
    open(view);
  });
}
