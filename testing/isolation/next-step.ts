import { RandomChoice } from './random-choice.ts';
import { keySteps } from './key-steps.ts';
import { personSteps } from './person-steps.ts';
import type { World } from './world.ts';

/** Chooses the next step with these random numbers: the caller, the request and its subject. */
export function nextStep(world: World, numbers: readonly number[]) {
  const chooser = new RandomChoice(numbers);
  const caller = chooser.of([...world.people, ...world.people, ...world.keys]);
  if (caller === undefined) throw new Error('a world has people');
  const step =
    caller.kind === 'person'
      ? personSteps(world, caller, chooser)
      : keySteps(world, caller, chooser);
  return { caller, step };
}
