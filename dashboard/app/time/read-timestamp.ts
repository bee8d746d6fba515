/** An event's timestamp, parsed for display. */
export interface ReadTimestamp {
  /** The timestamp's second. A leap second maps to the second before it, because `Date` has no 23:59:60. */
  readonly second: Date;
  /** The sub-second digits as sent, at most nine; empty if there are none. */
  readonly fraction: string;
  readonly isLeapSecond: boolean;
}

const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

const MINUTE_MS = 60_000;

/**
 * Parses every timestamp that the api accepts (server/src/events/ingest/timestamp.ts), including those for which
 * `new Date(text)` is an Invalid Date: leap seconds, and `t` and `z` in lower case.
 * @returns undefined if the text is not a timestamp
 */
export function readTimestamp(text: unknown): ReadTimestamp | undefined {
  const match = typeof text === 'string' ? RFC_3339.exec(text) : null;
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, secondText, fraction = '', sign, hours, minutes] = match;
  const isLeapSecond = secondText === '60';
  const second = isLeapSecond ? 59 : Number(secondText);
  const offsetMinutes = (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
  const atMs =
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), second) -
    offsetMinutes * MINUTE_MS;
  return Number.isNaN(atMs) ? undefined : { second: new Date(atMs), fraction, isLeapSecond };
}
