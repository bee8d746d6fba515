/** Controls but tab and line ends; embeddings, overrides and isolates, which make text read other than it is. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text from outside as it is to be read: `invoice\u202egpj.exe` shows its override instead of obeying it. For the
 * eyes only; what is copied, filtered by and exported stays as it was sent.
 */
export function visibleText(text: string): string {
  return text.replace(
    UNSEEN,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
