import type { Person, Team } from './cast.ts';
import type { Act, Occurrence, Origin } from './demo-event.ts';
import type { Random } from './random.ts';
import type { DemoWorkspace, World } from './world.ts';

/** A machine is about to do something in a workspace. */
export interface MachineScene {
  readonly atMs: number;
  readonly random: Random;
  readonly world: World;
  readonly workspace: DemoWorkspace;
}

/** A person is. */
export interface Scene extends MachineScene {
  readonly person: Person;
}

/** One event of a task. */
export interface Step {
  /** After the beginning of the task. */
  readonly afterMs: number;
  readonly act: Act;
  /** Whoever performs the task unless said otherwise. */
  readonly by?: Origin;
}

/** Something people do at work: one event, or a few that belong together. */
export interface Task {
  /** How often a team does it; teams that are not named never do. */
  readonly teams: Readonly<Partial<Record<Team, number>>>;
  /** Members may not do it. */
  readonly elevated?: boolean;
  perform(scene: Scene): readonly Step[];
}

/** A task that is one event. */
export function singleAct(describe: (scene: Scene) => Act): Task['perform'] {
  return (scene) => [{ afterMs: 0, act: describe(scene) }];
}

export function toOccurrence(
  step: Step,
  startMs: number,
  workspaceId: string,
  origin: Origin,
): Occurrence {
  return {
    atMs: startMs + step.afterMs,
    workspaceId,
    act: step.act,
    origin: step.by ?? origin,
  };
}
