import { type SavedView, viewQuery, views, viewsQuery } from '../../../api/presets.ts';
import { queryClient } from '../../../api/query-client.ts';
import { deleteWithUndo } from '../../../shell/delete-with-undo.tsx';

/** Removes a view from the list immediately and deletes it when the undo time is over. */
export function deleteView(view: SavedView): void {
  deleteWithUndo({
    id: view.id,
    title: `View “${view.name}” deleted`,
    remove: () => views.delete(view.id),
    reload: () => {
      // Drop the cached view, so that nothing shows it as still existing.
      queryClient.removeQueries({ queryKey: viewQuery(view.id).queryKey });
      return queryClient.invalidateQueries({ queryKey: viewsQuery.queryKey });
    },
  });
}
