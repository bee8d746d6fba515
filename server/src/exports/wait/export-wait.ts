/**
 * Reasons why an unfinished job does not progress. `code` is part of the API contract; the sentence is for people.
 */
const EXPORT_WAITS = {
  STORE_UNAVAILABLE:
    'The artifact store cannot be reached right now. The export is tried again by itself.',
  DATABASE_UNAVAILABLE:
    'The database of this region could not be reached. The export is tried again by itself.',
  STORE_NOT_ANSWERING: 'The artifact store takes no data at the moment.',
  DISK_LOW:
    'The disk has too little free space, so exports are paused. They go on by themselves when there is room; ask an operator to free some.',
  NEEDS_NEWER_WORKER:
    'This export uses something that the running export workers do not know yet. It starts when an operator has updated the workers.',
} as const;

export type WaitCode = keyof typeof EXPORT_WAITS;

/** Sentence for a code; undefined for a code stored by a newer version. */
export function waitReason(code: string, detail: string | null): string {
  const known: Readonly<Record<string, string>> = EXPORT_WAITS;
  const reason = known[code] ?? `This export waits (${code}).`;
  return detail === null ? reason : `${reason} (${detail})`;
}

/** Maximum pause between two attempts. Migration 20261130103000_export_waits relies on it being under two minutes. */
const MAX_DELAY_SECONDS = 60;

/** Pause before the next attempt after this many failures: 1, 2, 4, … 60 seconds. */
export function retryDelaySeconds(retries: number): number {
  return Math.min(2 ** Math.min(retries, 10), MAX_DELAY_SECONDS);
}
