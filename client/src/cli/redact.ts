/** Replaces API keys in a text, so that a key typed in the wrong place does not reach a terminal or CI log. */
export function redact(text: string): string {
  return text.replaceAll(/\bexh_[a-z][a-z0-9-]{0,15}_[\w-]+/g, 'exh_…');
}
