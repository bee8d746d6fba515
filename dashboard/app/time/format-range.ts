import { formatClock, formatShort, zoneLabel } from './format-time.ts';
import { readTimestamp } from './read-timestamp.ts';

/** A half-open time range, RFC 3339. A missing bound is open. */
interface Range {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * Formats a time range for people. Whole days show the last included day: `1 Jul – 30 Sep 2026 (UTC)`. Other bounds
 * are exact, each with its own UTC offset if they differ, as across a daylight-saving change: `28 Mar 12:00 +01:00 –
 * 30 Mar 12:00 +02:00`.
 */
export function formatRange({ from, to }: Range, zone: string, now = new Date()): string {
  const start = from === undefined ? undefined : endOf(from, zone);
  const end = to === undefined ? undefined : endOf(to, zone);
  if (start === undefined && end === undefined) return 'All time';
  if (end === undefined && start !== undefined)
    return start.isDayStart
      ? `Since ${formatDay(start.at, zone)} (${zone})`
      : `Since ${exact(start, zone, now)} ${start.label}`;
  if (start === undefined && end !== undefined)
    return end.isDayStart
      ? `Through ${formatDay(dayBefore(end.at), zone)} (${zone})`
      : `Before ${exact(end, zone, now)} ${end.label}`;
  if (start === undefined || end === undefined) return '';
  if (start.isDayStart && end.isDayStart && start.at < end.at)
    return `${days(start.at, dayBefore(end.at), zone)} (${zone})`;
  const first = start.label === end.label ? '' : ` ${start.label}`;
  return `${exact(start, zone, now)}${first} – ${exact(end, zone, now)} ${end.label}`;
}

/** Whether both bounds are midnights of the zone, so that the range is whole days. */
export function isWholeDays({ from, to }: Range, zone: string): boolean {
  return (
    from !== undefined &&
    to !== undefined &&
    endOf(from, zone).isDayStart &&
    endOf(to, zone).isDayStart
  );
}

interface End {
  readonly at: Date;
  readonly fraction: string;
  readonly label: string;
  readonly isDayStart: boolean;
}

function endOf(text: string, zone: string): End {
  const read = readTimestamp(text);
  const at = read?.second ?? new Date(text);
  let fraction = read?.fraction ?? '';
  while (fraction.endsWith('0')) fraction = fraction.slice(0, -1);
  const date = (of: Date) => formatClock(of, zone).slice(0, 10);
  return {
    at,
    fraction,
    label: zoneLabel(at, zone),
    isDayStart: fraction === '' && date(at) !== date(new Date(at.getTime() - 1)),
  };
}

/** `14 May 12:00`, with seconds and their fraction if not zero. */
function exact({ at, fraction }: End, zone: string, now: Date): string {
  const seconds = formatClock(at, zone).slice(-3);
  const shown = formatShort(at, zone, now);
  if (fraction !== '') return `${shown}${seconds}.${fraction}`;
  return seconds === ':00' ? shown : shown + seconds;
}

/** `1 Jul – 30 Sep 2026`, `1 – 14 May 2026`, `14 May 2026` */
function days(first: Date, last: Date, zone: string): string {
  const [a, b] = [partsOf(first, zone), partsOf(last, zone)];
  const end = formatDay(last, zone);
  if (a.year !== b.year) return `${formatDay(first, zone)} – ${end}`;
  if (a.month !== b.month) return `${a.day} ${a.month} – ${end}`;
  return a.day === b.day ? end : `${a.day} – ${end}`;
}

/** `30 Sep 2026` */
export function formatDay(at: Date, zone: string): string {
  const { day, month, year } = partsOf(at, zone);
  return `${day} ${month} ${year}`;
}

function partsOf(at: Date, zone: string) {
  const [year = '', , day = ''] = formatClock(at, zone).slice(0, 10).split('-');
  const month = Number.isNaN(at.getTime())
    ? ''
    : new Intl.DateTimeFormat('en', { timeZone: zone, month: 'short' }).format(at);
  return { year, month, day: String(Number(day)) };
}

/** The last millisecond of the day that ends at `end`. */
function dayBefore(end: Date): Date {
  return new Date(end.getTime() - 1);
}
