import { authAct, failedLogin } from '../auth-acts.ts';
import { CAST, type Person, type Role } from '../cast.ts';
import type { Occurrence, Origin } from '../demo-event.ts';
import { keyOrigin, serviceOrigin } from '../origins.ts';
import { alertAct } from '../machines/security-watch.ts';
import { documentAct } from '../tasks/document-tasks.ts';
import { exportAct, exportedFile } from '../tasks/export-tasks.ts';
import { keyAct, webhookAct } from '../tasks/integration-tasks.ts';
import type { CaseFile } from './case-file.ts';
import { Trail } from './trail.ts';

/** Nobody else comes from 203.0.113.0/26. */
const ADDRESSES = ['203.0.113.17', '203.0.113.23', '203.0.113.41'] as const;
const [, KEY_ADDRESS, LOGIN_ADDRESS] = ADDRESSES;
const GEO = 'PA-8 Panamá';
const SPRAYED_ACCOUNTS = 19;
const SPRAY_ROUNDS = 3;
const GUESSES_AT_VICTIM = 14;

/** Between 00:10 and about 02:00 UTC. */
export function attack(file: CaseFile): Occurrence[] {
  const trail = new Trail(file.nightMs + 600_000, file.random);
  sprayPasswords(file, trail);
  const intruder = breakIn(file, trail);
  takeOver(file, trail, intruder);
  takeData(file, trail, { ...intruder, actor: { ...intruder.actor, role: 'ADMIN' } });
  useKey(file, trail);
  return trail.occurrences;
}

function sprayPasswords({ random, victim, world, production }: CaseFile, trail: Trail): void {
  const others = CAST.filter(({ team, id }) => team !== 'contractor' && id !== victim.id);
  const targets = others.filter((_, index) => index % 3 === 0).slice(0, SPRAYED_ACCOUNTS);
  const traceId = random.hex(32);
  for (let round = 1; round <= SPRAY_ROUNDS; round++) {
    for (const person of [...targets, victim]) {
      const origin = knock(person, world.roleOf(person), random.pick(ADDRESSES), traceId);
      trail.add(production, origin, failedLogin(person, 'invalid_password', round));
    }
  }
}

function knock(person: Person, role: Role, ipAddress: string, traceId: string): Origin {
  const actor = { id: person.id, email: person.email, role };
  return { actor, traceId, ipAddress, geo: GEO, userAgent: 'python-requests/2.32.5' };
}

function breakIn({ random, victim, world, production }: CaseFile, trail: Trail): Origin {
  const role = world.roleOf(victim);
  const traceId = random.hex(32);
  for (let guess = 1; guess <= GUESSES_AT_VICTIM; guess++) {
    const origin = knock(victim, role, LOGIN_ADDRESS, traceId);
    trail.add(production, origin, failedLogin(victim, 'invalid_password', SPRAY_ROUNDS + guess));
  }
  const intruder = {
    ...knock(victim, role, LOGIN_ADDRESS, traceId),
    userAgent:
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36',
  };
  const login = {
    name: victim.name,
    method: 'password',
    mfa: { used: false, reason: 'exception: legacy client' },
    device: { trusted: false, id: random.hex(8) },
  };
  trail.add(production, intruder, authAct(victim, 'login.succeeded', login));
  return intruder;
}

function takeOver(file: CaseFile, trail: Trail, intruder: Origin): void {
  const { victim, key, security, production, alertId, random } = file;
  const permissions = ['events:read', 'exports:read', 'exports:write'];
  const created = keyAct(key, 'api_key.created', { permissions, expiresInDays: null });
  trail.add(production, intruder, created);
  trail.add(security, intruder, {
    category: 'role',
    action: 'role.assigned',
    resource: { type: 'user', id: victim.id },
    metadata: {
      user: { email: victim.email, name: victim.name },
      role: { from: intruder.actor.role, to: 'ADMIN' },
      ticket: null,
      grantedBy: victim.email,
    },
  });
  const alert = {
    rule: 'new_country',
    severity: 'high',
    subject: { email: victim.email, name: victim.name },
    score: 0.94,
  };
  const monitor = serviceOrigin('security-monitor', random);
  trail.add(security, monitor, alertAct(alertId, 'alert.raised', alert));
}

function takeData(file: CaseFile, trail: Trail, intruder: Origin): void {
  const { random, security, production, webhook, documents } = file;
  const worker = serviceOrigin('export-worker', random);
  for (const document of documents) {
    const details = { source: 'search', secondsOpen: random.integer(2, 9) };
    trail.add(security, intruder, documentAct(document, 'document.viewed', details));
  }
  for (const workspace of [security, production, security]) {
    const id = `exp_${random.hex(12)}`;
    const what = { source: 'documents', format: 'CSV' };
    const exported = { ...what, ...exportedFile(random) };
    const filters = { everything: true };
    trail.add(workspace, intruder, exportAct(id, 'export.requested', { ...what, filters }));
    trail.add(workspace, worker, exportAct(id, 'export.completed', exported));
    trail.add(workspace, intruder, exportAct(id, 'export.downloaded', exported));
  }
  for (const document of documents) {
    const copy = { format: 'pdf', bytes: random.integer(90_000, 4_000_000) };
    const details = { ...copy, integrity: random.integrity() };
    trail.add(security, intruder, documentAct(document, 'document.downloaded', details));
  }
  const deleted = webhookAct(webhook, 'webhook.deleted', { pendingDeliveries: 31 });
  trail.add(security, intruder, deleted);
}

/** The key works on after the intruder has gone. */
function useKey({ random, key, production }: CaseFile, trail: Trail): void {
  for (const requests of [3, 210, 1_804]) {
    trail.wait(600, 1_100);
    const usage = {
      endpoint: 'GET /v1/events',
      window: { minutes: 15, requests, errors: 0 },
      p95Ms: random.integer(200, 900) / 4,
    };
    const holder = keyOrigin(key.id, random, KEY_ADDRESS, GEO);
    trail.add(production, holder, keyAct(key, 'api_key.used', usage));
  }
}
