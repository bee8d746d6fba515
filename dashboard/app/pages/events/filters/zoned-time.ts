import { formatClock, zoneLabel } from '../../../time/format-time.ts';

/** A local date and time resolved to an instant. */
export interface LocalMoment {
  /** An Invalid Date if the text is not a time. */
  readonly at: Date;
  /** Set if the time does not exist, because clocks skip it. */
  readonly problem?: string;
  /** Set if the time occurs twice. */
  readonly note?: string;
}

const DAY_MS = 86_400_000;

/**
 * The instant at which clocks in `zone` show `local` (`2026-05-14T12:00`). When clocks move back, some times occur
 * twice: the first is used and `note` explains that. When they move forward, some times don't exist: `at` is then
 * later by the skipped amount, and `problem` explains that.
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

/** Only the instant; a skipped time resolves to the time clocks move forward to. */
export function instantOf(local: string, zone: string): Date {
  return resolveLocal(local, zone).at;
}

/** The local time in `zone` at an instant: `2026-05-14 12:00`, with seconds if not zero. */
export function localOf(at: Date, zone: string): string {
  return formatClock(at, zone).replace(/:00$/, '');
}

function offsetMs(at: Date, zone: string): number {
  const shown = new Date(`${formatClock(at, zone).replace(' ', 'T')}Z`).getTime();
  return shown - Math.floor(at.getTime() / 1000) * 1000;
}
