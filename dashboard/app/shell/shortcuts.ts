import { useEffect, useRef } from 'react';

/** A key such as `/`, `e`, `j` or `Enter`, or a sequence such as `g e`. */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const SEQUENCE_MS = 900;

/** Registers shortcuts that are active while no text field has the focus and no dialog is open. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    let previous: PressedKey | undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector(BLOCKING) !== null) return;
      const pressed = { key: event.key, atMs: performance.now() };
      const name = shortcutOf(pressed, previous);
      previous = pressed;
      latest.current[name]?.(event);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

interface PressedKey {
  readonly key: string;
  readonly atMs: number;
}

/**
 * The shortcut of a key given the previous key. Shortly after `g` a key only counts as part of a sequence, because
 * each page listens separately and the `e` of `g e` must not trigger the page's `e`.
 */
export function shortcutOf({ key, atMs }: PressedKey, previous: PressedKey | undefined): string {
  const follows = previous?.key === 'g' && atMs - previous.atMs < SEQUENCE_MS;
  return follows ? `g ${key}` : key;
}

/** A modal dialog or an open menu handles keys itself; a drawer does not. */
const BLOCKING =
  '[role="dialog"][data-state="open"]:not([data-drawer]), [role="alertdialog"], [role="menu"], [role="listbox"]';

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable="true"]') !== null
  );
}
