/** Control characters, line ends and halves of surrogate pairs. */
const BREAKS_LINE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
/**
 * Characters without a shape of their own: zero-width spaces and joiners, bidirectional controls, soft hyphens, fillers,
 * tags. With them two names look the same, or a name reads as another text than it is.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u;
/** The parts of emoji that are made of several characters. */
const EMOJI_JOINS =
  /(?<=\p{Extended_Pictographic}\p{Emoji_Modifier}?)\ufe0f|\ufe0f(?=\u20e3)|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})/gu;

/** What is wrong with a name; undefined: nothing. The api has the same rule (name-text.ts); a test compares them. */
export function nameFault(text: string): string | undefined {
  if (BREAKS_LINE.test(text)) return 'must not contain line breaks or control characters';
  return INVISIBLE.test(text.replaceAll(EMOJI_JOINS, ''))
    ? 'must not contain invisible characters or characters that change the direction of text'
    : undefined;
}
