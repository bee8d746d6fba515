const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

const MICROS_PER_MINUTE = 60_000_000;
const MICROS_PER_DAY = 86_400_000_000;
const MICROS_PER_HOUR = 3_600_000_000;
/** 2100-01-01T00:00:00Z, the first instant that is not accepted. */
const END_MICROS = Date.UTC(2100, 0, 1) * 1000;

export interface Instant {
  /** Whole microseconds since the epoch. */
  readonly micros: number;
  /** Nanoseconds within the microsecond, 0 to 999. */
  readonly nanos: number;
}

/**
 * Reads an RFC 3339 date and time, strictly: real calendar dates, `T` and an offset required, at most nine sub-second
 * digits, hour 24 refused, second 60 only where a leap second can be (23:59:60 UTC). Accepted instants are
 * 1970-01-01T00:00:00Z ≤ t < 2100-01-01T00:00:00Z.
 *
 * @returns `micros`, whole microseconds since the epoch (exact in a double), and `nanos`, the nanoseconds within that
 *   microsecond, or undefined if the text is rejected. Microseconds are cut off, never rounded: rounding moves
 *   23:59:59.9999999 into the next day. A leap second counts as the last nanosecond before it, 23:59:59.999999999.
 */
export function parseTimestamp(text: string): Instant | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  const hour = Number(match[4]);
  const minute = Number(match[5]);
  const second = Number(match[6]);
  // The year is checked here because Date.UTC reads 70 as 1970; an offset can change the year by one.
  if (year < 1969 || year > 2100 || month < 1 || month > 12) return undefined;
  if (day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const offset = offsetMicros(match[8], Number(match[9] ?? 0), Number(match[10] ?? 0));
  if (offset === undefined) return undefined;

  const minuteStart = Date.UTC(year, month - 1, day, hour, minute) * 1000 - offset;
  const micros =
    second === 60
      ? leapSecond(minuteStart)
      : minuteStart + second * 1_000_000 + fractionMicros(match[7]);
  if (micros === undefined || micros < 0 || micros >= END_MICROS) return undefined;
  return { micros, nanos: second === 60 ? 999 : nanosOf(match[7]) };
}

function fractionMicros(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(digits.slice(0, 6).padEnd(6, '0'));
}

function nanosOf(digits: string | undefined): number {
  return digits === undefined || digits.length < 7 ? 0 : Number(digits.slice(6).padEnd(3, '0'));
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function offsetMicros(
  sign: string | undefined,
  hours: number,
  minutes: number,
): number | undefined {
  if (hours > 23 || minutes > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes) * MICROS_PER_MINUTE;
}

function leapSecond(minuteStart: number): number | undefined {
  const nextMinute = minuteStart + MICROS_PER_MINUTE;
  return nextMinute % MICROS_PER_DAY === 0 ? nextMinute - 1 : undefined;
}

/** `2026-05-14T12:00:00Z`; a fraction of at most six digits only when it is not zero. */
export function formatMicros(micros: number): string {
  const seconds = new Date(Math.floor(micros / 1000)).toISOString().slice(0, 19);
  const fraction = micros % 1_000_000;
  if (fraction === 0) return `${seconds}Z`;
  return `${seconds}.${String(fraction).padStart(6, '0').replace(/0+$/, '')}Z`;
}

/** The start of the UTC hour that holds this instant, in microseconds since the epoch. */
export function hourOf(micros: number): number {
  return micros - (micros % MICROS_PER_HOUR);
}
