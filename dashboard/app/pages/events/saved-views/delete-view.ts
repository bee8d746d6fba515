import { type SavedView, views, viewsQuery } from '../../../api/presets.ts';
import { queryClient } from '../../../api/query-client.ts';
import { deleteWithUndo } from '../../../shell/delete-with-undo.tsx';

/** Takes a view out of the list at once; it is deleted when the time to undo is over. */
export function deleteView(view: SavedView): void {
  deleteWithUndo({
    id: view.id,
    title: `View “${view.name}” deleted`,
    hide: () =>
      queryClient.setQueryData(
        viewsQuery.queryKey,
        (list) => list && { ...list, data: list.data.filter(({ id }) => id !== view.id) },
      ),
    remove: () => views.delete(view.id),
    reload: () => queryClient.invalidateQueries({ queryKey: viewsQuery.queryKey }),
  });
}
