import { useSyncExternalStore } from 'react';

/** IDs of items already shown as deleted: their undo time is running or the request is in flight. */
let ids: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

export function markDeleted(id: string, deleted: boolean): void {
  const next = new Set(ids);
  if (deleted) next.add(id);
  else next.delete(id);
  ids = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Filters items that are being deleted out of a list, even when the list is reloaded meanwhile. */
export function useWithoutDeleted<Item extends { readonly id: string }>(
  items: readonly Item[],
): readonly Item[] {
  const deleted = useSyncExternalStore(subscribe, () => ids);
  return deleted.size === 0 ? items : items.filter(({ id }) => !deleted.has(id));
}
