/**
 * For what opens over the page: the focus goes to it as a whole, not to its first button, whose tooltip would
 * come up. A field with autoFocus keeps it.
 */
export function focusItself(event: Event): void {
  event.preventDefault();
  const { currentTarget } = event;
  if (currentTarget instanceof HTMLElement && !currentTarget.contains(document.activeElement))
    currentTarget.focus();
}
