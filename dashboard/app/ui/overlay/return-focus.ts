import { useMemo, useRef } from 'react';
import { focusItself } from './focus-itself.ts';

/**
 * For what opens over the page without a trigger of its own: its focus goes back to where it was. Radix would lose it.
 * @returns handlers of the Radix content
 */
export function useReturnFocus(onOpen: (event: Event) => void = focusItself) {
  const opener = useRef<Element | null>(null);
  return useMemo(
    () => ({
      onOpenAutoFocus: (event: Event) => {
        opener.current = openerOf(document.activeElement);
        onOpen(event);
      },
      onCloseAutoFocus: (event: Event) => {
        event.preventDefault();
        // Whoever went on elsewhere meanwhile stays there.
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (lost && opener.current instanceof HTMLElement) opener.current.focus();
      },
    }),
    [onOpen],
  );
}

/** A menu is gone by then: the button that opened it. */
function openerOf(active: Element | null): Element | null {
  const menu = active?.closest('[role="menu"]');
  if (menu === null || menu === undefined) return active;
  return document.getElementById(menu.getAttribute('aria-labelledby') ?? '') ?? active;
}
