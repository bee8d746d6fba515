import { useShortcuts } from './shortcuts.ts';

interface RowKeys {
  /** Index of the row whose drawer is open; -1 if none is. */
  readonly openIndex: number;
  readonly count: number;
  /** Shows another row in the open drawer. */
  readonly onOpen: (index: number) => void;
}

/**
 * `j` and `k` move through a list. With an open drawer they show the next or previous row in it; otherwise they move
 * the focus to the `data-row` element of the next or previous row. It is real focus, so that Enter activates the link
 * or button, screen readers announce the row and Tab continues from there.
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
