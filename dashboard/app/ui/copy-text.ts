import { showToast } from './overlay/toast.tsx';

/** Puts a text into the clipboard; says so when that is refused. @returns whether it is there */
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

/** @throws TypeError over plain http, where there is no clipboard; NotAllowedError when it is refused */
async function viaClipboard(text: string): Promise<true> {
  await navigator.clipboard.writeText(text);
  return true;
}

/** What browsers had before: copies what is selected in a field, which nobody sees. */
function viaSelection(text: string): boolean {
  const focused = document.activeElement;
  // A modal dialog or menu takes the focus back from what is beside it.
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
