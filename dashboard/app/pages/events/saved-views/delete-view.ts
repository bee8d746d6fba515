import { type SavedView, viewQuery, views, viewsQuery } from '../../../api/presets.ts';
import { queryClient } from '../../../api/query-client.ts';
import { deleteWithUndo } from '../../../shell/delete-with-undo.tsx';

/** Takes a view out of the list at once; it is deleted when the time to undo is over. */
export function deleteView(view: SavedView): void {
  deleteWithUndo({
    id: view.id,
    title: `View “${view.name}” deleted`,
    remove: () => views.delete(view.id),
    reload: () => {
      // Nobody names it any more because it was read once.
      queryClient.removeQueries({ queryKey: viewQuery(view.id).queryKey });
      return queryClient.invalidateQueries({ queryKey: viewsQuery.queryKey });
    },
  });
}
