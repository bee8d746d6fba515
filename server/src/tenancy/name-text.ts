import { z } from 'zod';

/** Control characters, line breaks and lone surrogates. */
const BREAKS_LINE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
/**
 * Invisible characters: zero-width spaces and joiners, bidirectional controls, soft hyphens, fillers, tags. With them,
 * two different names can look the same, or a name can look like a different text.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u;
/** Embeddings, overrides and isolates, which change the display order of text. */
const REORDERS = /[\u202a-\u202e\u2066-\u2069]/u;
/** Invisible characters within emoji that consist of several code points. */
const EMOJI_JOINS =
  /(?<=\p{Extended_Pictographic}\p{Emoji_Modifier}?)\ufe0f|\ufe0f(?=\u20e3)|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})/gu;

/** Returns the problem of a text that must be a single line, or undefined if it is valid. */
function lineFault(text: string): string | undefined {
  if (BREAKS_LINE.test(text)) return 'must not contain line breaks or control characters';
  return REORDERS.test(text)
    ? 'must not contain characters that change the direction of text'
    : undefined;
}

/** Returns the problem of a name, or undefined if it is valid. The dashboard server has the same rule. */
export function nameFault(text: string): string | undefined {
  if (BREAKS_LINE.test(text)) return 'must not contain line breaks or control characters';
  return INVISIBLE.test(text.replaceAll(EMOJI_JOINS, ''))
    ? 'must not contain invisible characters or characters that change the direction of text'
    : undefined;
}

/** A single line of text, trimmed, of at most `maxCharacters` UTF-16 code units. */
export function lineText(maxCharacters: number) {
  return z.string().trim().min(1).max(maxCharacters).superRefine(refuseBy(lineFault));
}

/** A name: a single line without invisible characters, at most `maxCharacters` code points, in Unicode NFC. */
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
