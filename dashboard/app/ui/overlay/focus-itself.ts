/**
 * Focuses an overlay itself when it opens instead of its first button, whose tooltip would appear. A field with
 * autoFocus keeps the focus.
 */
export function focusItself(event: Event): void {
  event.preventDefault();
  const { currentTarget } = event;
  if (currentTarget instanceof HTMLElement && !currentTarget.contains(document.activeElement))
    currentTarget.focus();
}
