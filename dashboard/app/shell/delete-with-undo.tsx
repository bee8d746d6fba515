import { Button } from '../ui/button.tsx';
import { dismissToast, showToast } from '../ui/overlay/toast.tsx';
import { markDeleted } from './being-deleted.ts';
import { showProblem } from './show-problem.tsx';

const UNDO_MS = 7000;

/** What ends the time to undo of each deletion. */
const waiting = new Set<() => Promise<void>>();

/** Tells the server of every deletion now: before its person signs out. */
export async function finishDeletions(): Promise<void> {
  await Promise.all([...waiting].map((finish) => finish()));
}

interface Deletion {
  readonly id: string;
  /** "View “Failures” deleted" */
  readonly title: string;
  /** Deletes it on the server. */
  readonly remove: () => Promise<void>;
  /** Loads the lists that had it; until then it is left out of them (`useWithoutDeleted`). */
  readonly reload: () => Promise<void>;
}

/**
 * Deletes after a few seconds in which it can be undone. Making it again afterwards would be another one, with
 * another id, that nothing refers to any more: so the server is told only when the time is over, or the page
 * is left.
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
