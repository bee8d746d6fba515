import { formatEventJson } from '../api/event-json.ts';

/**
 * Controls except tab and line ends; embeddings, overrides and isolates, which make text read as other text than it is; and
 * characters without any shape, which make two texts look the same.
 */
const INVISIBLE_CHARACTERS =
  // oxlint-disable-next-line no-control-regex -- they are what is searched for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u115f\u1160\u180e\u200b\u2028\u2029\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
/** Joiners and direction marks between Latin, Greek or Cyrillic letters or digits, where they have no use. */
const IDLE_JOINER =
  /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Nd}])[\u200c-\u200f\u061c]+(?=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Nd}])/gu;

/** A combining mark that follows no letter would be drawn over whatever stands before it on the page. */
const LONE_MARK = /^\p{M}/u;

/** Only spaces and characters without a shape, such as U+200B. */
const NOTHING_TO_SEE = /^[\p{Z}\p{Cf}\s]*$/u;

/**
 * Text from outside as it is to be read: `invoice\u202egpj.exe` shows its override instead of obeying it. For
 * display only: what is copied, filtered by and exported stays as it was sent.
 */
export function visibleText(text: string): string {
  const escaped = text
    .replace(INVISIBLE_CHARACTERS, escapeCharacters)
    .replace(IDLE_JOINER, escapeCharacters);
  return LONE_MARK.test(escaped) ? `◌${escaped}` : escaped;
}

/**
 * One field of an event, of whatever type, as text that can be seen: an empty or blank text stands in quotes,
 * what is not a text is shown as JSON.
 */
export function visibleValue(value: unknown): string {
  if (typeof value !== 'string') return visibleText(formatEventJson(value));
  if (NOTHING_TO_SEE.test(value))
    return `"${value.replaceAll(/\p{Cf}/gu, escapeCharacters).replace(INVISIBLE_CHARACTERS, escapeCharacters)}"`;
  return visibleText(value);
}

function escapeCharacters(characters: string): string {
  return Array.from(characters, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  }).join('');
}
