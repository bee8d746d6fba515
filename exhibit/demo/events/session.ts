import type { Act, Occurrence } from './demo-event.ts';
import { personOrigin } from './origins.ts';
import { chooseTask } from './tasks.ts';
import { authAct, failedLogin, type Scene, type Step, toOccurrence } from './world.ts';

const IDLE_TIMEOUT_MINUTES = 45;

/** A person logs in, performs some tasks, and logs out or is logged out. All events share one trace id. */
export function personSession(scene: Scene): Occurrence[] {
  const { random, person, world, workspace } = scene;
  const role = world.roleOf(person);
  const origin = personOrigin(person, role, random);
  const occurrences: Occurrence[] = [];
  let nowMs = scene.atMs;
  const pause = (minMs: number, maxMs: number) => (nowMs += random.small(minMs, maxMs));
  const add = (step: Step, startMs = nowMs) => {
    const occurrence = toOccurrence(step, startMs, workspace.id, origin);
    occurrences.push(occurrence);
    // The session lasts at least until the person's own last event.
    if (step.by === undefined) nowMs = Math.max(nowMs, occurrence.atMs);
  };

  for (const { pauseMs, act: done } of logIn(scene)) {
    add({ afterMs: 0, act: done });
    if (pauseMs > 0) nowMs += pauseMs;
  }
  const tasks = random.small(2, 16);
  for (let done = 0; done < tasks; done++) {
    const atMs = pause(4_000, 420_000);
    const task = chooseTask(person.team, role, random);
    for (const step of task.perform({ ...scene, atMs })) add(step, atMs);
  }
  const end = random.fraction();
  pause(2_000, 600_000);
  const minutes = Math.round((nowMs - scene.atMs) / 60_000);
  if (end < 0.65) add({ afterMs: 0, act: authAct(person, 'logout', { tasks, minutes }) });
  else if (end < 0.8) {
    const expired = authAct(person, 'session.expired', { idleMinutes: IDLE_TIMEOUT_MINUTES });
    add({ afterMs: IDLE_TIMEOUT_MINUTES * 60_000, act: expired });
  }
  return occurrences;
}

function* logIn({ random, person }: Scene): Generator<{ act: Act; pauseMs: number }> {
  const failures = random.chance(0.06) ? random.integer(1, 3) : 0;
  for (let attempt = 1; attempt <= failures; attempt++)
    yield { act: failedLogin(person, attempt), pauseMs: random.small(6_000, 45_000) };
  const { name } = person;
  const device = { trusted: random.chance(0.9), id: random.hex(8) };
  if (failures === 0 && random.chance(0.62)) {
    const sso = { provider: 'okta', assertion: `id${random.hex(12)}` };
    const details = { name, method: 'sso', sso, device };
    yield { act: authAct(person, 'login.succeeded', details), pauseMs: 0 };
    return;
  }
  const factor = random.pick(['totp', 'webauthn', 'push']);
  const challenged = authAct(person, 'mfa.challenged', { factor, device });
  yield { act: challenged, pauseMs: random.small(3_000, 30_000) };
  const details = { name, method: 'password', mfa: { used: true, factor }, device };
  yield { act: authAct(person, 'login.succeeded', details), pauseMs: 0 };
}
