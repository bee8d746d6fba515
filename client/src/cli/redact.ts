/** Text without API keys: one typed into the wrong place must not end up in a terminal's history or a CI log. */
export function redact(text: string): string {
  return text.replaceAll(/\bexh_[a-z][a-z0-9-]{0,15}_[\w-]+/g, 'exh_…');
}
