import { Button } from '../ui/button.tsx';
import { dismissToast, showToast } from '../ui/toast.tsx';

const UNDO_MS = 7000;

interface Deletion {
  readonly id: string;
  /** "View “Failures” deleted" */
  readonly title: string;
  /** Takes it out of what is shown. */
  readonly hide: () => void;
  /** Deletes it on the server. */
  readonly remove: () => Promise<void>;
  readonly reload: () => Promise<void>;
}

/**
 * Deletes after a few seconds in which it can be undone. Making it again afterwards would be another one, with
 * another id, that nothing refers to any more: so the server is told only when the time is over, or the page
 * is left.
 */
export function deleteWithUndo({ id, title, hide, remove, reload }: Deletion): void {
  hide();
  const toast = `delete ${id}`;
  const finish = () => {
    clearTimeout(timer);
    removeEventListener('pagehide', finish);
    dismissToast(toast);
    remove()
      .catch((error: unknown) =>
        showToast({
          tone: 'danger',
          title: 'It was not deleted',
          body: error instanceof Error ? error.message : '',
        }),
      )
      .finally(() => void reload());
  };
  const undo = () => {
    clearTimeout(timer);
    removeEventListener('pagehide', finish);
    dismissToast(toast);
    void reload();
  };
  const timer = setTimeout(finish, UNDO_MS);
  addEventListener('pagehide', finish);
  showToast({
    id: toast,
    title,
    durationMs: UNDO_MS,
    actions: (
      <Button size="sm" onClick={undo}>
        Undo
      </Button>
    ),
  });
}
