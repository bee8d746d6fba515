import { useEffect, useRef } from 'react';

/** `/`, `e`, `j`, `Enter`, … or `g e`: two keys one after the other. */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const SEQUENCE_MS = 900;

/** Keys that do something while no text is being typed and no dialog is open. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    let first = '';
    let firstAt = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector(BLOCKING) !== null) return;
      const sequence = performance.now() - firstAt < SEQUENCE_MS ? `${first} ${event.key}` : '';
      const action = latest.current[sequence] ?? latest.current[event.key];
      [first, firstAt] = [event.key, performance.now()];
      action?.(event);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

/** A modal dialog or an open menu takes the keys; a drawer does not. */
const BLOCKING =
  '[role="dialog"][data-state="open"]:not([data-drawer]), [role="alertdialog"], [role="menu"], [role="listbox"]';

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable="true"]') !== null
  );
}
