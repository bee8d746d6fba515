import { useSyncExternalStore } from 'react';

/** Ids of what is shown as deleted already: its time to undo runs, or the server is being told. */
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

/** A list without what is being deleted, however often it is loaded meanwhile. */
export function useWithoutDeleted<Item extends { readonly id: string }>(
  items: readonly Item[],
): readonly Item[] {
  const deleted = useSyncExternalStore(subscribe, () => ids);
  return deleted.size === 0 ? items : items.filter(({ id }) => !deleted.has(id));
}
