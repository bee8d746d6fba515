import { formatClock, zoneLabel } from '../../../time/format-time.ts';

/** What a local date and time means as an instant. */
export interface LocalMoment {
  /** An Invalid Date if the text is not a time. */
  readonly at: Date;
  /** Why the time cannot be used: clocks never show it. */
  readonly problem?: string;
  /** What to know about it: clocks show it twice. */
  readonly note?: string;
}

const DAY_MS = 86_400_000;

/**
 * The instant at which clocks of `zone` show `local` (`2026-05-14T12:00`). When clocks go back, some times come
 * twice: the first is used and a note says so. When they go forward, some never come: `at` is then as much later
 * as the clocks moved, and `problem` says that the time does not exist.
 */
export function resolveLocal(local: string, zone: string): LocalMoment {
  const asUtc = new Date(`${local}Z`);
  if (zone === 'UTC' || Number.isNaN(asUtc.getTime())) return { at: asUtc };
  const before = offsetMs(new Date(asUtc.getTime() - DAY_MS), zone);
  const after = offsetMs(new Date(asUtc.getTime() + DAY_MS), zone);
  const [first, second] = [before, after]
    .filter((offset, index, all) => all.indexOf(offset) === index)
    .map((offset) => new Date(asUtc.getTime() - offset))
    .filter((at) => at.getTime() + offsetMs(at, zone) === asUtc.getTime())
    .toSorted((a, b) => a.getTime() - b.getTime());
  if (first === undefined) {
    const at = new Date(asUtc.getTime() - before);
    return {
      at,
      problem: `This time doesn't exist in ${zone}: clocks skip it when they move forward to ${zoneLabel(at, zone)}.`,
    };
  }
  if (second === undefined) return { at: first };
  return {
    at: first,
    note: `This time occurs twice in ${zone}. The first is used (${zoneLabel(first, zone)}). Add ${zoneLabel(second, zone)} for the second.`,
  };
}

/** The instant alone, of a time that clocks skip the one they move on to. */
export function instantOf(local: string, zone: string): Date {
  return resolveLocal(local, zone).at;
}

/** What clocks of `zone` show at an instant: `2026-05-14 12:00`, with the seconds when there are any. */
export function localOf(at: Date, zone: string): string {
  return formatClock(at, zone).replace(/:00$/, '');
}

function offsetMs(at: Date, zone: string): number {
  const shown = new Date(`${formatClock(at, zone).replace(' ', 'T')}Z`).getTime();
  return shown - Math.floor(at.getTime() / 1000) * 1000;
}
