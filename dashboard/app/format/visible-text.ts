import { formatEventJson } from '../api/event-json.ts';

/**
 * Control characters except tab and line ends; bidirectional embeddings, overrides and isolates, which reorder the
 * displayed text; and invisible characters, which make different texts look the same.
 */
const INVISIBLE_CHARACTERS =
  // oxlint-disable-next-line no-control-regex -- control characters are the search target
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u115f\u1160\u180e\u200b\u2028\u2029\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
/** Joiners and direction marks between Latin, Greek or Cyrillic letters or digits, where they serve no purpose. */
const IDLE_JOINER =
  /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Nd}])[\u200c-\u200f\u061c]+(?=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Nd}])/gu;

/** A combining mark without a base letter would be drawn over the preceding text of the page. */
const LONE_MARK = /^\p{M}/u;

/** Only spaces and invisible characters such as U+200B. */
const NOTHING_TO_SEE = /^[\p{Z}\p{Cf}\s]*$/u;

/**
 * Escapes invisible and reordering characters in untrusted text: `invoice\u202egpj.exe` shows the override instead of
 * applying it. For display only; copied, filtered and exported values stay as sent.
 */
export function visibleText(text: string): string {
  const escaped = text
    .replace(INVISIBLE_CHARACTERS, escapeCharacters)
    .replace(IDLE_JOINER, escapeCharacters);
  return LONE_MARK.test(escaped) ? `◌${escaped}` : escaped;
}

/**
 * A field of an event as visible text: empty and blank strings are quoted, values of other types are shown as JSON.
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
