/** Nothing here changes in lower case: most texts, and testing is faster than lowering. */
const IS_LOWER = /^[^A-Z\u0080-\u{10ffff}]*$/u;

/**
 * A text as it is compared when case is ignored: each character by itself, as PostgreSQL's lower() does it.
 * toLowerCase() of a whole text makes the last sigma of a word another letter than the others.
 */
export function foldCase(text: string): string {
  if (IS_LOWER.test(text)) return text;
  return Array.from(text, (one) => (one === 'İ' ? 'i' : one.toLowerCase())).join('');
}
