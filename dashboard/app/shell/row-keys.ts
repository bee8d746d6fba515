import { useShortcuts } from './shortcuts.ts';

interface RowKeys {
  /** Of the row whose drawer is open; -1 when none is. */
  readonly openIndex: number;
  readonly count: number;
  /** Shows another row in the drawer that is open. */
  readonly onOpen: (index: number) => void;
}

/**
 * `j` and `k` walk a list. With a drawer open they lead it to the next row; otherwise the focus goes from row to
 * row, to what is marked `data-row` in each: a real focus, so that Enter is the link's or button's own, a screen
 * reader says where one is, and Tab goes on from there.
 */
export function useRowKeys({ openIndex, count, onOpen }: RowKeys): void {
  const move = (by: number) => {
    if (openIndex < 0) return focusRow(by);
    const next = Math.max(0, Math.min(openIndex + by, count - 1));
    if (next !== openIndex) onOpen(next);
  };
  useShortcuts({ j: () => move(1), k: () => move(-1) });
}

function focusRow(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.findIndex(
    (row) => row.closest('tr, li')?.contains(document.activeElement) === true,
  );
  rows[Math.max(0, Math.min(at + by, rows.length - 1))]?.focus();
}
