const formats = new Map<string, Intl.DateTimeFormat>();

/** Shown for an Invalid Date. Formatting never throws, because one bad time must not break a list. */
const UNKNOWN_TIME = 'unknown time';

const isUnknown = (at: Date) => Number.isNaN(at.getTime());

/** The numeric parts of an instant in a time zone. */
function partsOf(
  at: Date,
  zone: string,
): Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string> {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, format);
  }
  const parts = { year: '', month: '', day: '', hour: '', minute: '', second: '' };
  for (const { type, value } of format.formatToParts(at))
    if (type in parts) Reflect.set(parts, type, value);
  return parts;
}

/** The suffix of a time: `UTC`, or the zone's offset at that time such as `+02:00`. */
export function zoneLabel(at: Date, zone: string): string {
  if (zone === 'UTC') return 'UTC';
  if (isUnknown(at)) return '';
  const name = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value;
  return name === undefined || name === 'GMT' ? '+00:00' : name.replace('GMT', '');
}

/** `2026-05-14 12:00:03 UTC` */
export function formatInstant(at: Date, zone: string): string {
  return isUnknown(at) ? UNKNOWN_TIME : `${formatClock(at, zone)} ${zoneLabel(at, zone)}`;
}

/** `2026-05-14 12:00:03`, for use below a heading that names the zone. */
export function formatClock(at: Date, zone: string): string {
  if (isUnknown(at)) return UNKNOWN_TIME;
  const { year, month, day, hour, minute, second } = partsOf(at, zone);
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
}

/** `14 May 12:00`, with the year if it is not the current one. */
export function formatShort(at: Date, zone: string, now = new Date()): string {
  if (isUnknown(at)) return UNKNOWN_TIME;
  const { year, day, hour, minute } = partsOf(at, zone);
  const month = new Intl.DateTimeFormat('en', { timeZone: zone, month: 'short' }).format(at);
  const ofYear = year === partsOf(now, zone).year ? '' : ` ${year}`;
  return `${Number(day)} ${month}${ofYear} ${hour}:${minute}`;
}

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `3 minutes ago`, `in 29 days` */
export function formatRelative(at: Date, now = new Date()): string {
  if (isUnknown(at)) return UNKNOWN_TIME;
  const seconds = (at.getTime() - now.getTime()) / 1000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return relative.format(Math.trunc(seconds), 'second');
}
