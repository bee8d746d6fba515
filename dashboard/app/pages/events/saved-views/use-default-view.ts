import { useEffect, useRef } from 'react';
import type { SavedView } from '../../../api/presets.ts';
import type { EventSearch } from '../../../events/event-search.ts';
import { useMe } from '../../../session/session.tsx';
import { isDefaultOf } from './view-place.ts';

/**
 * Opens the user's default view if they open the explorer without filters. Only once per visit, so that removing the
 * filters afterwards does not bring them back.
 */
export function useDefaultView(
  { search, isBlocked }: { readonly search: EventSearch; readonly isBlocked: boolean },
  views: readonly SavedView[] | undefined,
  open: (view: SavedView) => void,
): void {
  const me = useMe();
  // An address with an ignored filter does not count as one without filters.
  const cameBare = useRef(!isBlocked && isBare(search));
  useEffect(() => {
    if (views === undefined || !cameBare.current) return;
    cameBare.current = false;
    // Keep filters chosen while the views were loading.
    if (!isBare(search)) return;
    const own = views.filter((view) => isDefaultOf(view, me));
    const [view] = own.toSorted(
      (a, b) => Number(a.workspaceId !== null) - Number(b.workspaceId !== null),
    );
    if (view !== undefined) open(view);
  });
}

function isBare({ ref: _ref, ...rest }: EventSearch): boolean {
  return Object.keys(rest).length === 0;
}
