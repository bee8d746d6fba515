import type { LocalMoment } from './zoned-time.ts';
import { parseRange, rangeText } from '../../../../../contract/time-range.ts';

/** The meaning of a typed range: a `range` of the URL, absolute bounds `[from, to)`, or an error. */
export type TypedRange =
  | { readonly range: string }
  | { readonly from: string; readonly to?: string; readonly note?: string }
  | { readonly problem: string };

const UNITS: Readonly<Record<string, string>> = {
  m: 'm',
  min: 'm',
  mins: 'm',
  minute: 'm',
  minutes: 'm',
  h: 'h',
  hr: 'h',
  hrs: 'h',
  hour: 'h',
  hours: 'h',
  d: 'd',
  day: 'd',
  days: 'd',
  w: 'w',
  wk: 'w',
  week: 'w',
  weeks: 'w',
};

const HELP =
  'Try 45m, 3d, 2 weeks, previous month,\n2026-05-01 .. 2026-05-14, 2026-05-14 12:00 .. now';
const DAY_MS = 86_400_000;

/**
 * Parses a typed range. Dates without a time start at midnight; an end date includes the whole day.
 * @param toInstant converts a local date and time in the displayed zone, `2026-05-14T12:00`, to an instant
 */
export function readTypedRange(text: string, toInstant: ToInstant): TypedRange {
  const typed = text.trim().toLowerCase();
  if (typed === '') return { problem: HELP };
  if (typed === 'all' || typed === 'all time') return { range: 'all' };
  if (typed === 'yesterday') return { range: 'previous:day' };
  if (typed === 'last hour') return { range: '1h' };
  const previous = /^(?:previous|last)\s+(day|week|month)$/.exec(typed)?.[1];
  if (previous !== undefined) return { range: `previous:${previous}` };
  const relative = /^(?:last\s+)?(\d{1,8})\s*([a-z]+)$/.exec(typed);
  if (relative !== null) return relativeRange(relative[1] ?? '', relative[2] ?? '');
  return absoluteRange(typed, toInstant);
}

function relativeRange(count: string, word: string): TypedRange {
  const unit = UNITS[word];
  if (unit === undefined) return { problem: `“${word}” isn't a unit. Use m, h, d or w.` };
  const range = parseRange(`${Number(count)}${unit}`);
  return range === undefined ? { problem: 'Enter 1 to 3,650 days.' } : { range: rangeText(range) };
}

function absoluteRange(typed: string, toInstant: ToInstant): TypedRange {
  const [start = '', end, ...more] = typed.split(/\.\.|–|\bto\b/).map((part) => part.trim());
  if (more.length > 0) return { problem: HELP };
  const from = readMoment(start, toInstant);
  if (from === undefined) return { problem: HELP };
  if (from.problem !== undefined) return { problem: from.problem };
  const fromNote = from.note === undefined ? {} : { note: from.note };
  if (end === undefined && from.dayEnd !== undefined) return bounds(from.at, from.dayEnd);
  if (end === undefined || end === '' || end === 'now')
    return { from: from.at.toISOString(), ...fromNote };
  const to = readMoment(end, toInstant);
  if (to === undefined) return { problem: HELP };
  if (to.problem !== undefined) return { problem: to.problem };
  const note = from.note ?? to.note;
  const range = bounds(from.at, to.dayEnd ?? to.at);
  return 'problem' in range || note === undefined ? range : { ...range, note };
}

function bounds(from: Date, to: Date): TypedRange {
  if (from >= to) return { problem: 'The start must be before the end.' };
  return { from: from.toISOString(), to: to.toISOString() };
}

/** Converts a local date and time in the displayed zone, `2026-05-14T12:00`, to an instant. */
export type ToInstant = (local: string) => LocalMoment;

interface Moment extends LocalMoment {
  /** The end of a date without a time: the next midnight, 23 or 25 hours later when clocks change. */
  readonly dayEnd?: Date;
}

/**
 * `2026-05-14`, `2026-05-14 12:00`, `2026-05-14 12:00:30`, and with an offset `2026-10-25 02:30 +01:00`, which
 * distinguishes times that occur twice; undefined for a day that does not exist.
 */
export function readMoment(text: string, toInstant: ToInstant): Moment | undefined {
  const [, date = '', time, offset] =
    /^(\d{4}-\d{2}-\d{2})(?:[t\s]+(\d{2}:\d{2}(?::\d{2})?)\s*(z|utc|[+-]\d{2}:\d{2})?)?$/i.exec(
      text,
    ) ?? [];
  if (dayAfter(date, 0) !== date) return undefined;
  if (time !== undefined && offset !== undefined) {
    const at = new Date(`${date}T${time}${/^[zu]/i.test(offset) ? 'Z' : offset}`);
    return Number.isNaN(at.getTime()) ? undefined : { at };
  }
  const moment = toInstant(`${date}T${time ?? '00:00'}`);
  if (Number.isNaN(moment.at.getTime())) return undefined;
  if (time !== undefined) return moment;
  // A day starts with its first instant, even if clocks skip its midnight.
  return { at: moment.at, dayEnd: toInstant(`${dayAfter(date, 1)}T00:00`).at };
}

/** `2026-02-28` → `2026-03-01`; a day that does not exist rolls over, as in `Date`. */
export function dayAfter(date: string, days: number): string | undefined {
  const day = new Date(`${date}T00:00Z`);
  if (Number.isNaN(day.getTime())) return undefined;
  return new Date(day.getTime() + days * DAY_MS).toISOString().slice(0, 10);
}
