import { formatClock, zoneLabel } from './format-time.ts';
import { readTimestamp } from './read-timestamp.ts';

/**
 * Formats an event's timestamp in `zone` with `digits` sub-second digits: `2026-05-14 12:00:03.250`. Text that is not
 * a timestamp is returned as it is, because one event must never break a list.
 */
export function formatTimestamp(text: string, zone: string, digits = 0): string {
  const read = readTimestamp(text);
  if (read === undefined) return text;
  const clock = formatClock(read.second, zone);
  const shown = read.isLeapSecond ? clock.replace(/:59$/, ':60') : clock;
  return digits === 0 ? shown : `${shown}.${read.fraction.padEnd(digits, '0').slice(0, digits)}`;
}

/** Formats a timestamp with all digits that were sent and with the zone: `2026-05-14 12:00:03.25 UTC`. */
export function formatWholeTimestamp(text: string, zone: string): string {
  const read = readTimestamp(text);
  if (read === undefined) return text;
  return `${formatTimestamp(text, zone, read.fraction.length)} ${zoneLabel(read.second, zone)}`;
}

/** Digits are shown in groups of three, so that times stay easy to compare. */
const GROUP = 3;

/**
 * The number of sub-second digits (0, 3, 6 or 9) that each event of a list needs to differ from its neighbours in the
 * same second. All events of the same second get the same number.
 */
export function subsecondDigits(timestamps: readonly string[]): readonly number[] {
  const read = timestamps.map(readTimestamp);
  const secondOf = (index: number) => {
    const at = read[index];
    return at === undefined ? undefined : at.second.getTime() + (at.isLeapSecond ? 0.5 : 0);
  };
  const digits = timestamps.map(() => 0);
  for (let start = 0; start < read.length; ) {
    let end = start + 1;
    while (end < read.length && secondOf(end) === secondOf(start) && read[start] !== undefined)
      end += 1;
    digits.fill(digitsToTellApart(read.slice(start, end)), start, end);
    start = end;
  }
  return digits;
}

/** The smallest number of digits that distinguishes these fractions of one second. */
function digitsToTellApart(run: readonly ({ readonly fraction: string } | undefined)[]): number {
  const fractions = run.map((one) => (one?.fraction ?? '').padEnd(9, '0'));
  const different = new Set(fractions).size;
  if (different === 1) return 0;
  for (let digits = GROUP; digits < 9; digits += GROUP) {
    if (new Set(fractions.map((text) => text.slice(0, digits))).size === different) return digits;
  }
  return 9;
}
