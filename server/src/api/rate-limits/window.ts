/** What every limit counts within. */
export const WINDOW_SECONDS = 60;
