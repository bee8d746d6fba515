import { formatEventJson } from '../api/event-json.ts';

/** Controls but tab and line ends; embeddings, overrides and isolates, which make text read other than it is. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** A combining mark that follows no letter would be drawn over whatever stands before it on the page. */
const LONE_MARK = /^\p{M}/u;

/** Only spaces and characters without a shape, such as U+200B. */
const NOTHING_TO_SEE = /^[\p{Z}\p{Cf}\s]*$/u;

/**
 * Text from outside as it is to be read: `invoice\u202egpj.exe` shows its override instead of obeying it. For the
 * eyes only; what is copied, filtered by and exported stays as it was sent.
 */
export function visibleText(text: string): string {
  const escaped = text.replace(UNSEEN, escapeCharacter);
  return LONE_MARK.test(escaped) ? `◌${escaped}` : escaped;
}

/**
 * One field of an event, of whatever type, as text that can be seen: an empty or blank text stands in quotes,
 * what is not a text is shown as JSON.
 */
export function visibleValue(value: unknown): string {
  if (typeof value !== 'string') return visibleText(formatEventJson(value));
  if (NOTHING_TO_SEE.test(value))
    return `"${value.replaceAll(/\p{Cf}/gu, escapeCharacter).replace(UNSEEN, escapeCharacter)}"`;
  return visibleText(value);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
