import { useMemo, useRef } from 'react';
import { focusItself } from './focus-itself.ts';

/**
 * For overlays without a Radix trigger: returns the focus to the previously focused element on close. Radix would
 * lose it.
 * @returns handlers for the Radix content
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
        // Keep the focus if the user has moved it elsewhere in the meantime.
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (lost && opener.current instanceof HTMLElement) opener.current.focus();
      },
    }),
    [onOpen],
  );
}

/** For an element within a menu, the button that opened the menu: the menu itself no longer exists on close. */
function openerOf(active: Element | null): Element | null {
  const menu = active?.closest('[role="menu"]');
  if (menu === null || menu === undefined) return active;
  return document.getElementById(menu.getAttribute('aria-labelledby') ?? '') ?? active;
}
