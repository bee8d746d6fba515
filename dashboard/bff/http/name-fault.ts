/** Control characters, line ends and lone surrogates. */
const BREAKS_LINE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
/**
 * Invisible characters: zero-width spaces and joiners, bidirectional controls, soft hyphens, fillers, tags. They can make
 * two names look the same, or make a name read as another text.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u;
/** Joiners and selectors within emoji that consist of several characters. */
const EMOJI_JOINS =
  /(?<=\p{Extended_Pictographic}\p{Emoji_Modifier}?)\ufe0f|\ufe0f(?=\u20e3)|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})/gu;

/** The error in a name; undefined if it is valid. The api has the same rule (name-text.ts); a test compares them. */
export function nameFault(text: string): string | undefined {
  if (BREAKS_LINE.test(text)) return 'must not contain line breaks or control characters';
  return INVISIBLE.test(text.replaceAll(EMOJI_JOINS, ''))
    ? 'must not contain invisible characters or characters that change the direction of text'
    : undefined;
}
