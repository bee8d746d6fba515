/** Texts without a character that changes in lower case. Most are, and testing is faster than converting. */
const IS_LOWER = /^[^A-Z\u0080-\u{10ffff}]*$/u;

/**
 * A text converted for a comparison that ignores case: character by character, like PostgreSQL's lower().
 * toLowerCase() of a whole text would convert the last sigma of a word differently from the others.
 */
export function foldCase(text: string): string {
  if (IS_LOWER.test(text)) return text;
  return Array.from(text, (one) => (one === 'İ' ? 'i' : one.toLowerCase())).join('');
}
