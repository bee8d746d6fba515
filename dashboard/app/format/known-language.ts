/**
 * Gives a browser without a language tag one. Started in the POSIX locale it calls its language "en-US@posix", which
 * Intl refuses with a RangeError; uPlot asks for formatters in the browser's language as soon as it is loaded, and
 * takes the page along.
 */
export function ensureKnownLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en-GB' });
  }
}
