import { z } from 'zod';

/** Control characters, line ends and halves of surrogate pairs. */
const BREAKS_LINE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
/**
 * Characters without a shape of their own: zero-width spaces and joiners, bidirectional controls, soft hyphens, fillers,
 * tags. With them two names look the same, or a name reads as another text than it is.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u;
/** Embeddings, overrides and isolates, which change the order in which text is shown. */
const REORDERS = /[\u202a-\u202e\u2066-\u2069]/u;
/** The parts of emoji that are made of several characters. */
const EMOJI_JOINS =
  /(?<=\p{Extended_Pictographic}\p{Emoji_Modifier}?)\ufe0f|\ufe0f(?=\u20e3)|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})/gu;

/** What is wrong with a text that must be one line; undefined: nothing. */
function lineFault(text: string): string | undefined {
  if (BREAKS_LINE.test(text)) return 'must not contain line ends or control characters';
  return REORDERS.test(text)
    ? 'must not contain characters that change the direction of text'
    : undefined;
}

/** What is wrong with a name; undefined: nothing. The dashboard's server has the same rule. */
export function nameFault(text: string): string | undefined {
  if (BREAKS_LINE.test(text)) return 'must not contain line ends or control characters';
  return INVISIBLE.test(text.replaceAll(EMOJI_JOINS, ''))
    ? 'must not contain invisible characters or characters that change the direction of text'
    : undefined;
}

/** One line of text, trimmed, of at most `maxCharacters` UTF-16 units. */
export function lineText(maxCharacters: number) {
  return z.string().trim().min(1).max(maxCharacters).superRefine(refuseBy(lineFault));
}

/** A name: one line without invisible characters, at most `maxCharacters` code points, in Unicode normal form C. */
export function nameText(maxCharacters: number) {
  return z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .refine((text) => Array.from(text).length <= maxCharacters, {
      message: `must be at most ${maxCharacters} characters`,
    })
    .superRefine(refuseBy(nameFault))
    .transform((name) => name.normalize('NFC'));
}

function refuseBy(faultOf: (text: string) => string | undefined) {
  return (text: string, context: z.RefinementCtx) => {
    const message = faultOf(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  };
}
