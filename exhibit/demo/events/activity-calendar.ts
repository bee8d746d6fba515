import { CAST, CITIES, type City, OFFICES } from './cast.ts';
import type { Random } from './random.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const DAYS = 182;
const HOURS = DAYS * 24;

/** Activity of one person by local hour, starting at midnight; 1 is the busiest. */
const DAY_PROFILE = [
  0.02, 0.01, 0.01, 0.01, 0.01, 0.02, 0.06, 0.2, 0.55, 0.9, 1, 0.95, 0.6, 0.75, 0.95, 0.9, 0.8, 0.6,
  0.3, 0.14, 0.1, 0.09, 0.06, 0.04,
];
const WEEKEND = 0.06;
/** Activity of machines: a constant part, and a part that depends on the activity of people. */
const MACHINES_ALONE = 7;
const MACHINES_PER_PERSON = 0.55;
/** Growth of the activity from the first to the last day. */
const GROWTH = 0.4;
/** Sessions that start in the last hour are cut off by the end, so this hour has fewer events. */
const LAST_HOUR = 0.6;

type Source = City | 'machines';

/** The activity in each hour of the half-year before `endMs`, and its sources. */
export class ActivityCalendar {
  readonly #endMs: number;
  readonly #startMs: number;
  /** Cumulative activity at the start of each hour, and at the end. */
  readonly #before = new Float64Array(HOURS + 1);

  constructor(endMs: number) {
    this.#endMs = endMs;
    this.#startMs = endMs - HOURS * HOUR_MS;
    for (let hour = 0; hour < HOURS; hour++) {
      const middleMs = this.#startMs + (hour + 0.5) * HOUR_MS;
      const growth = 1 + (GROWTH * hour) / HOURS;
      const cut = hour === HOURS - 1 ? LAST_HOUR : 1;
      const activity = (peopleAt(middleMs) + machinesAt(middleMs)) * growth * cut;
      this.#before[hour + 1] = (this.#before[hour] ?? 0) + activity;
    }
  }

  /** The time at which this share of all activity has passed, in ms since the epoch: 0 is the start, 1 the end. */
  timeOf(share: number): number {
    const wanted = share * (this.#before[HOURS] ?? 0);
    let low = 0;
    let high = HOURS - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#before[middle] ?? 0) <= wanted) low = middle;
      else high = middle - 1;
    }
    const before = this.#before[low] ?? 0;
    const within = (wanted - before) / ((this.#before[low + 1] ?? 0) - before);
    return Math.min(Math.floor(this.#startMs + (low + within) * HOUR_MS), this.#endMs - 1);
  }

  /** Picks a source with a probability proportional to its activity at this time. */
  sourceAt(atMs: number, random: Random): Source {
    return random.weighted<Source>(['machines', ...CITIES], (source) =>
      source === 'machines' ? machinesAt(atMs) : cityAt(source, atMs),
    );
  }
}

const HEADCOUNT: ReadonlyMap<City, number> = new Map(
  CITIES.map((city) => [city, CAST.filter((person) => person.city === city).length]),
);

const machinesAt = (atMs: number) => MACHINES_ALONE + MACHINES_PER_PERSON * peopleAt(atMs);
const peopleAt = (atMs: number) => CITIES.reduce((sum, city) => sum + cityAt(city, atMs), 0);

function cityAt(city: City, atMs: number): number {
  const localMs = atMs + OFFICES[city].utcOffsetHours * HOUR_MS;
  const hour = Math.floor((localMs % DAY_MS) / HOUR_MS);
  // 1970-01-01 was a Thursday. Adding 5 days makes the weekend days 0 and 1.
  const weekday = Math.floor(localMs / DAY_MS + 5) % 7;
  return (HEADCOUNT.get(city) ?? 0) * (DAY_PROFILE[hour] ?? 0) * (weekday < 2 ? WEEKEND : 1);
}
