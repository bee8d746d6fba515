import { hash } from 'node:crypto';
import { ActivityCalendar } from './activity-calendar.ts';
import { CAST } from './cast.ts';
import { type DemoEvent, type Occurrence, toDemoEvent } from './demo-event.ts';
import { securityIncident } from './incident/incident.ts';
import { machineStory } from './machines/machine-story.ts';
import { OccurrenceQueue } from './occurrence-queue.ts';
import { personSession } from './person-session.ts';
import { Random } from './random.ts';
import { World } from './world.ts';

/** With fewer events than this the incident would be most of them. */
const MIN_EVENTS_WITH_INCIDENT = 1_000;
/** Stories begin somewhere among this many events, not evenly spaced. */
const SCATTER_EVENTS = 12;

export interface DemoEventsOptions {
  readonly seed: string;
  /** Exactly so many events, spread over the 26 weeks before `end`. */
  readonly count: number;
  /** Exclusive; whole milliseconds. */
  readonly end: Date;
  /** At least one. Production, Staging and Security, by name, get what belongs there. */
  readonly workspaceIds: readonly { readonly id: string; readonly name: string }[];
}

/**
 * Half a year in the audit log of a company, in strict order of time: people's sittings, machines at
 * work, and from 1,000 events on one security incident. The same options give the same events to the
 * byte, idempotency keys included, so that sending them twice stores them once.
 *
 * @throws RangeError without a workspace.
 */
export function* demoEvents(options: DemoEventsOptions): Generator<DemoEvent> {
  const finish = finisher(options);
  for (const occurrence of occurrences(options)) yield finish(occurrence);
}

/**
 * The share of all events told so far says how much of the half-year's activity has passed, and so what
 * time it is. That fixes the number of events exactly, and keeps only what is under way in memory.
 */
function* occurrences({
  seed,
  count,
  end,
  workspaceIds,
}: DemoEventsOptions): Generator<Occurrence> {
  const endMs = end.getTime();
  const random = new Random(seed);
  const world = new World(workspaceIds, random);
  const calendar = new ActivityCalendar(endMs);
  const queue = new OccurrenceQueue();
  const tell = (story: readonly Occurrence[]) => {
    const inTime = story.filter(({ atMs }) => atMs < endMs).sort((a, b) => a.atMs - b.atMs);
    for (const occurrence of inTime.slice(0, count - queue.added)) queue.add(occurrence);
  };
  if (count >= MIN_EVENTS_WITH_INCIDENT) {
    tell(securityIncident(world, endMs, new Random(`${seed}/incident`)));
  }
  const aside = queue.added;
  while (queue.added < count) {
    const scatter = random.fraction() * Math.min(SCATTER_EVENTS, count - queue.added);
    const atMs = calendar.timeOf((queue.added - aside + scatter) / (count - aside));
    tell(tellStory(atMs, calendar, world, random));
    // No later story begins before this time.
    yield* queue.takeBefore(calendar.timeOf((queue.added - aside) / (count - aside)));
  }
  yield* queue.takeBefore(endMs);
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

/** Gives every event a time and an idempotency key of its own; the keys of other options differ. */
function finisher({ seed, count, end }: DemoEventsOptions): (next: Occurrence) => DemoEvent {
  const run = hash('sha256', `${seed}\n${count}\n${end.toISOString()}`, 'hex').slice(0, 10);
  let number = 0;
  let lastMs = -Infinity;
  return (next) => {
    lastMs = Math.max(next.atMs, lastMs + 1);
    number += 1;
    return toDemoEvent(next, lastMs, `demo-${run}-${number}`);
  };
}
