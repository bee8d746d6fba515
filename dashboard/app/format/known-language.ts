/**
 * Sets a valid language tag if the browser has none. A browser started in the POSIX locale reports "en-US@posix", for
 * which Intl throws a RangeError; uPlot creates formatters in the browser's language on import, which would break the
 * page.
 */
export function ensureKnownLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en-GB' });
  }
}
