import { Button } from '../ui/button.tsx';
import { dismissToast, showToast } from '../ui/overlay/toast.tsx';
import { markDeleted } from './being-deleted.ts';
import { showProblem } from './show-problem.tsx';

const UNDO_MS = 7000;

/** Functions that end the undo time of each pending deletion. */
const waiting = new Set<() => Promise<void>>();

/** Sends all pending deletions now. Called before signing out. */
export async function finishDeletions(): Promise<void> {
  await Promise.all([...waiting].map((finish) => finish()));
}

interface Deletion {
  readonly id: string;
  /** "View “Failures” deleted" */
  readonly title: string;
  /** Deletes it on the server. */
  readonly remove: () => Promise<void>;
  /** Reloads the lists that contained it; until then `useWithoutDeleted` hides it. */
  readonly reload: () => Promise<void>;
}

/**
 * Deletes an item after a few seconds in which the user can undo it. Recreating a deleted item would give it a new ID
 * and break references, so the request is sent only when the time is over or the page is left.
 */
export function deleteWithUndo({ id, title, remove, reload }: Deletion): void {
  markDeleted(id, true);
  const toast = `delete ${id}`;
  const end = () => {
    clearTimeout(timer);
    removeEventListener('pagehide', leave);
    waiting.delete(finish);
    dismissToast(toast);
  };
  const finish = () => {
    end();
    return remove()
      .catch((error: unknown) => showProblem("Couldn't delete it", error))
      .then(reload)
      .finally(() => markDeleted(id, false));
  };
  const leave = () => void finish();
  const undo = () => {
    end();
    markDeleted(id, false);
  };
  const timer = setTimeout(leave, UNDO_MS);
  addEventListener('pagehide', leave);
  waiting.add(finish);
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
