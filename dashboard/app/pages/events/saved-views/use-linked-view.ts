import { useEffect, useRef } from 'react';
import type { SavedView } from '../../../api/presets.ts';
import { type EventSearch, hasFilters } from '../../../events/event-search.ts';

/**
 * Opens the view of a link that names one and no filter. Once for each view: whoever takes its filters away
 * afterwards wants none.
 *
 * @param view the view that the address names, once it is loaded
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
    // What was chosen while the view was loaded stays.
    if (hasFilters(search)) pending.current = false;
    if (!pending.current || view === undefined) return;
    pending.current = false;
    open(view);
  });
}
