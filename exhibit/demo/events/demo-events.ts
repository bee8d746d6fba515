import { hash } from 'node:crypto';
import { ActivityCalendar } from './activity-calendar.ts';
import { CAST } from './cast.ts';
import { type DemoEvent, type Occurrence, toDemoEvent } from './demo-event.ts';
import { securityIncident } from './incident.ts';
import { machineStory } from './machines.ts';
import { Random } from './random.ts';
import { personSession } from './session.ts';
import { World } from './world.ts';

/** With fewer events than this, the incident would be most of them. */
const MIN_EVENTS_WITH_INCIDENT = 1_000;
/** Each story starts at a random position within this many events, so that stories are not evenly spaced. */
const SCATTER_EVENTS = 12;

interface DemoEventsOptions {
  readonly seed: string;
  /** The exact number of events, spread over the 26 weeks before `end`. */
  readonly count: number;
  /** Exclusive; whole milliseconds. */
  readonly end: Date;
  /** At least one. Production, Staging and Security have typical events. */
  readonly workspaceIds: readonly { readonly id: string; readonly name: string }[];
}

/**
 * Generates half a year of a company's audit log in strict order of time: sessions of people, runs of machines, and
 * from 1,000 events on one security incident. The same options give the same bytes, including idempotency keys, so
 * sending the events twice stores them once.
 *
 * @throws RangeError if there is no workspace
 */
export function* demoEvents(options: DemoEventsOptions): Generator<DemoEvent> {
  const { seed, count, end } = options;
  const run = hash('sha256', `${seed}\n${count}\n${end.toISOString()}`, 'hex').slice(0, 10);
  let number = 0;
  let lastMs = -Infinity;
  for (const occurrence of occurrences(options)) {
    lastMs = Math.max(occurrence.atMs, lastMs + 1);
    number += 1;
    yield toDemoEvent(occurrence, lastMs, `demo-${run}-${number}`);
  }
}

/**
 * The share of events generated so far determines how much of the half-year's activity has passed, and so the current
 * time. This gives the exact number of events and keeps only pending events in memory.
 */
function* occurrences(options: DemoEventsOptions): Generator<Occurrence> {
  const { seed, count } = options;
  const endMs = options.end.getTime();
  const random = new Random(seed);
  const world = new World(options.workspaceIds, random);
  const calendar = new ActivityCalendar(endMs);
  const pending: Occurrence[] = [];
  let added = 0;
  const add = (story: readonly Occurrence[]) => {
    const inTime = story.filter(({ atMs }) => atMs < endMs).sort((a, b) => a.atMs - b.atMs);
    const kept = inTime.slice(0, count - added);
    pending.push(...kept);
    added += kept.length;
  };
  if (count >= MIN_EVENTS_WITH_INCIDENT)
    add(securityIncident(world, endMs, new Random(`${seed}/incident`)));
  const incidentEvents = added;
  const timeAt = (events: number) =>
    calendar.timeOf((events - incidentEvents) / (count - incidentEvents));
  // oxlint-disable-next-line no-unmodified-loop-condition -- add() modifies it
  while (added < count) {
    const scatter = random.fraction() * Math.min(SCATTER_EVENTS, count - added);
    add(tellStory(timeAt(added + scatter), calendar, world, random));
    // No later story starts before this time.
    yield* takeBefore(pending, timeAt(added));
  }
  yield* takeBefore(pending, endMs);
}

/** Removes and returns the pending events before this time, in order. */
function takeBefore(pending: Occurrence[], endMs: number): Occurrence[] {
  pending.sort((a, b) => a.atMs - b.atMs);
  const rest = pending.findIndex(({ atMs }) => atMs >= endMs);
  return pending.splice(0, rest === -1 ? pending.length : rest);
}

function tellStory(
  atMs: number,
  calendar: ActivityCalendar,
  world: World,
  random: Random,
): readonly Occurrence[] {
  const source = calendar.sourceAt(atMs, random);
  if (source === 'machines') return machineStory(atMs, world, random);
  const person = random.pick(CAST.filter(({ city }) => city === source));
  const workspace = world.workspaceFor(person.team, random);
  return personSession({ atMs, random, world, workspace, person });
}
