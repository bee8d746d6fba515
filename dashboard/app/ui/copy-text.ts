import { showToast } from './overlay/toast.tsx';

/** Copies a text to the clipboard, and shows a toast if the browser blocks that. @returns whether it was copied */
export async function copyText(text: string): Promise<boolean> {
  const copied = await viaClipboard(text).catch(() => viaSelection(text));
  if (!copied)
    showToast({
      tone: 'danger',
      title: "Couldn't copy",
      body: 'The browser blocked it. Select the text and copy it manually.',
    });
  return copied;
}

/** @throws TypeError over plain HTTP, where the clipboard API is missing; NotAllowedError when the browser blocks it */
async function viaClipboard(text: string): Promise<true> {
  await navigator.clipboard.writeText(text);
  return true;
}

/** Fallback without the clipboard API: selects the text in an invisible field and copies the selection. */
function viaSelection(text: string): boolean {
  const focused = document.activeElement;
  // A modal dialog or menu would take the focus back from an element outside it.
  const host = focused?.closest('[role="dialog"], [role="alertdialog"], [role="menu"]');
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.className = 'sr-only';
  (host ?? document.body).append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
