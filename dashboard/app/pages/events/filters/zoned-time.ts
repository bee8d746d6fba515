import { formatClock } from '../../../time/format-time.ts';

/**
 * The instant at which clocks of `zone` show `local` (`2026-05-14T12:00`). Of a time that a clock shows twice,
 * the first; one that it skips moves on with it. An Invalid Date when `local` is none.
 */
export function instantOf(local: string, zone: string): Date {
  const asUtc = new Date(`${local}Z`);
  if (zone === 'UTC' || Number.isNaN(asUtc.getTime())) return asUtc;
  // Twice, because the offset may change between the first guess and the answer.
  const guess = new Date(asUtc.getTime() - offsetMs(asUtc, zone));
  return new Date(asUtc.getTime() - offsetMs(guess, zone));
}

/** What clocks of `zone` show at an instant: `2026-05-14 12:00`, with the seconds when there are any. */
export function localOf(at: Date, zone: string): string {
  return formatClock(at, zone).replace(/:00$/, '');
}

function offsetMs(at: Date, zone: string): number {
  const shown = new Date(`${formatClock(at, zone).replace(' ', 'T')}Z`).getTime();
  return shown - Math.floor(at.getTime() / 1000) * 1000;
}
