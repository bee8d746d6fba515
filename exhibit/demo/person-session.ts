import { authAct, failedLogin } from './auth-acts.ts';
import type { Act, Occurrence, Origin } from './demo-event.ts';
import { personOrigin } from './origins.ts';
import { type Scene, type Step, toOccurrence } from './scene.ts';
import { chooseTask } from './tasks/choose-task.ts';

const IDLE_TIMEOUT_MS = 45 * 60_000;

/** One sitting: somebody logs in, does a few things, and leaves or is logged out; one trace id for all. */
export function personSession(scene: Scene): Occurrence[] {
  const { random, person, world } = scene;
  const role = world.roleOf(person);
  const origin = personOrigin(person, role, random);
  const sitting = new Sitting(scene, origin);
  logIn(sitting, scene);
  const tasks = random.small(2, 16);
  for (let done = 0; done < tasks; done++) {
    const atMs = sitting.pause(4_000, 420_000);
    const task = chooseTask(person.team, role, random);
    for (const step of task.perform({ ...scene, atMs })) sitting.perform(step, atMs);
  }
  const leaves = random.fraction();
  sitting.pause(2_000, 600_000);
  if (leaves < 0.65) {
    sitting.act(authAct(person, 'logout', { tasks, minutes: sitting.minutes() }));
  } else if (leaves < 0.8) {
    sitting.wait(IDLE_TIMEOUT_MS);
    sitting.act(authAct(person, 'session.expired', { idleMinutes: IDLE_TIMEOUT_MS / 60_000 }));
  }
  return sitting.occurrences;
}

function logIn(sitting: Sitting, { random, person }: Scene): void {
  const failures = random.chance(0.06) ? random.integer(1, 3) : 0;
  for (let attempt = 1; attempt <= failures; attempt++) {
    sitting.act(failedLogin(person, 'invalid_password', attempt));
    sitting.pause(6_000, 45_000);
  }
  const device = { trusted: random.chance(0.9), id: random.hex(8) };
  const { name } = person;
  if (failures === 0 && random.chance(0.62)) {
    const sso = { provider: 'okta', assertion: `id${random.hex(12)}` };
    sitting.act(authAct(person, 'login.succeeded', { name, method: 'sso', sso, device }));
    return;
  }
  const factor = random.pick(['totp', 'webauthn', 'push']);
  sitting.act(authAct(person, 'mfa.challenged', { factor, device }));
  sitting.pause(3_000, 30_000);
  const mfa = { used: true, factor };
  sitting.act(authAct(person, 'login.succeeded', { name, method: 'password', mfa, device }));
}

/** Somebody's time at the desk: it goes on with every pause. */
class Sitting {
  readonly occurrences: Occurrence[] = [];
  readonly #scene: Scene;
  readonly #origin: Origin;
  #atMs: number;

  constructor(scene: Scene, origin: Origin) {
    this.#scene = scene;
    this.#origin = origin;
    this.#atMs = scene.atMs;
  }

  act(act: Act): void {
    this.perform({ afterMs: 0, act }, this.#atMs);
  }

  /** A step of a task that began at `startMs`; the person stays at least until their own last step. */
  perform(step: Step, startMs: number): void {
    const occurrence = toOccurrence(step, startMs, this.#scene.workspace.id, this.#origin);
    this.occurrences.push(occurrence);
    if (step.by === undefined) this.#atMs = Math.max(this.#atMs, occurrence.atMs);
  }

  /** Lets some time pass, rather short than long. @returns the time then. */
  pause(minMs: number, maxMs: number): number {
    this.wait(this.#scene.random.small(minMs, maxMs));
    return this.#atMs;
  }

  wait(ms: number): void {
    this.#atMs += ms;
  }

  minutes(): number {
    return Math.round((this.#atMs - this.#scene.atMs) / 60_000);
  }
}
