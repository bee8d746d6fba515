import { useEffect, useRef } from 'react';
import type { SavedView } from '../../../api/presets.ts';
import type { EventSearch } from '../../../events/event-search.ts';
import { useMe } from '../../../session/session.tsx';

/**
 * Opens the person's default view when they came to the explorer without any filter. Once for each visit: whoever
 * takes the filters away afterwards wants none.
 */
export function useDefaultView(
  search: EventSearch,
  views: readonly SavedView[] | undefined,
  open: (view: SavedView) => void,
): void {
  const me = useMe();
  const { ref: _ref, ...filters } = search;
  const cameBare = useRef(Object.keys(filters).length === 0);
  useEffect(() => {
    if (views === undefined || !cameBare.current) return;
    cameBare.current = false;
    const own = views.filter(
      ({ isDefault, createdBy }) => isDefault && createdBy.id === me.user.id,
    );
    const [view] = own.toSorted(
      (a, b) => Number(a.workspaceId !== null) - Number(b.workspaceId !== null),
    );
    if (view !== undefined) open(view);
  });
}
