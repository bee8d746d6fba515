import { DAY_MS, HOUR_MS } from './activity-calendar.ts';
import { CAST, castMember, type Person } from './cast.ts';
import { act, type Act, type Occurrence, type Origin } from './demo-event.ts';
import { alertAct } from './machines.ts';
import { keyOrigin, personOrigin, serviceOrigin } from './origins.ts';
import type { Random } from './random.ts';
import { exportAct, exportedFile, roleAct, settingAct } from './person-stories.ts';
import {
  authAct,
  type DemoWorkspace,
  documentAct,
  failedLogin,
  type Item,
  keyAct,
  webhookAct,
  type World,
} from './world.ts';

const DAYS_AGO = 8.5;
/** Addresses in 203.0.113.0/26, which only the intruder uses. */
const ADDRESSES = ['203.0.113.17', '203.0.113.23', '203.0.113.41'];
const [, KEY_ADDRESS = '', LOGIN_ADDRESS = ''] = ADDRESSES;
const GEO = 'PA-8 Panamá';
const HEADLESS_BROWSER =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36';
const SPRAYED_ACCOUNTS = 19;
const SPRAY_ROUNDS = 3;
const GUESSES_AT_VICTIM = 14;
const STOLEN_DOCUMENTS = 4;

/**
 * The security incident of the demo, about 110 events: in the night eight to ten days before the end, passwords are
 * sprayed over twenty accounts from a foreign network until one opens without a second factor. The intruder creates a
 * key, becomes ADMIN and takes data. In the morning the security team cleans up. The trail starts at the hour with the
 * most `login.failed`; its addresses lead to the successful log-in, and the trace id of that leads to the rest.
 */
export function securityIncident(world: World, endMs: number, random: Random): Occurrence[] {
  const nightMs = Math.floor((endMs - DAYS_AGO * DAY_MS) / DAY_MS) * DAY_MS;
  const security = world.workspaceNamed('Security');
  const file: CaseFile = {
    random,
    world,
    victim: castMember('lukasz.wisniewski@acme.test'),
    production: world.workspaceNamed('Production'),
    security,
    documents: takeDocuments(security, random),
    key: { id: `key_${random.hex(10)}`, name: 'mail sync' },
    webhook: { id: `whk_${random.hex(10)}`, name: 'https://siem.acme.test/audit-stream' },
    alertId: `alr_${random.hex(10)}`,
    incidentId: `INC-${new Date(nightMs).toISOString().slice(0, 10)}`,
  };
  // The attack lasts from 00:10 to about 02:00 UTC. The response starts at 06:05 UTC, 08:05 in Berlin.
  const attack = new Trail(nightMs + 600_000, random);
  const intruder = breakIn(file, attack);
  takeOver(file, attack, intruder);
  takeData(file, attack, { ...intruder, actor: { ...intruder.actor, role: 'ADMIN' } });
  useKey(file, attack);
  const response = new Trail(nightMs + 6 * HOUR_MS + 300_000, random);
  respond(file, response);
  return [...attack.occurrences, ...response.occurrences];
}

interface CaseFile {
  readonly random: Random;
  readonly world: World;
  readonly victim: Person;
  readonly production: DemoWorkspace;
  readonly security: DemoWorkspace;
  readonly documents: readonly Item[];
  readonly key: Pick<Item, 'id' | 'name'>;
  readonly webhook: Pick<Item, 'id' | 'name'>;
  readonly alertId: string;
  readonly incidentId: string;
}

/** Removes the documents from the workspace, so that no other event deletes them before the theft. */
function takeDocuments({ documents }: DemoWorkspace, random: Random): Item[] {
  return Array.from({ length: STOLEN_DOCUMENTS }, () => {
    const document = documents.pickAt(0, random);
    if (document === undefined) throw new RangeError('a workspace without documents');
    documents.remove(document);
    return document;
  });
}

/** Records acts one after another, with a few seconds between them. */
class Trail {
  readonly occurrences: Occurrence[] = [];
  readonly #random: Random;
  #atMs: number;

  constructor(startMs: number, random: Random) {
    this.#atMs = startMs;
    this.#random = random;
  }

  add(workspace: DemoWorkspace, origin: Origin, ...acts: readonly Act[]): void {
    for (const done of acts) {
      this.occurrences.push({ atMs: this.#atMs, workspaceId: workspace.id, act: done, origin });
      this.wait(4, 55);
    }
  }

  wait(minSeconds: number, maxSeconds: number): void {
    this.#atMs += this.#random.integer(minSeconds * 1000, maxSeconds * 1000);
  }
}

/** Sprays passwords over many accounts, then guesses that of the victim until it succeeds. */
function breakIn({ random, victim, world, production }: CaseFile, trail: Trail): Origin {
  const attempt = (
    { id, email, ...person }: Person,
    ipAddress: string,
    traceId: string,
  ): Origin => {
    const role = world.roleOf({ id, email, ...person });
    const userAgent = 'python-requests/2.32.5';
    return { actor: { id, email, role }, traceId, ipAddress, geo: GEO, userAgent };
  };
  const others = CAST.filter(({ team, id }) => team !== 'contractor' && id !== victim.id);
  const targets = others.filter((_, index) => index % 3 === 0).slice(0, SPRAYED_ACCOUNTS);
  const sprayTraceId = random.hex(32);
  for (let round = 1; round <= SPRAY_ROUNDS; round++)
    for (const person of [...targets, victim]) {
      const origin = attempt(person, random.pick(ADDRESSES), sprayTraceId);
      trail.add(production, origin, failedLogin(person, round));
    }
  const guesser = attempt(victim, LOGIN_ADDRESS, random.hex(32));
  for (let guess = 1; guess <= GUESSES_AT_VICTIM; guess++)
    trail.add(production, guesser, failedLogin(victim, SPRAY_ROUNDS + guess));
  const intruder = { ...guesser, userAgent: HEADLESS_BROWSER };
  const login = authAct(victim, 'login.succeeded', {
    name: victim.name,
    method: 'password',
    mfa: { used: false, reason: 'exception: legacy client' },
    device: { trusted: false, id: random.hex(8) },
  });
  trail.add(production, intruder, login);
  return intruder;
}

function takeOver(file: CaseFile, trail: Trail, intruder: Origin): void {
  const { victim, key, security, production, alertId, random } = file;
  const { email, name } = victim;
  const permissions = ['events:read', 'exports:read', 'exports:write'];
  const created = keyAct(key, 'api_key.created', { permissions, expiresInDays: null });
  trail.add(production, intruder, created);
  const role = { from: intruder.actor.role, to: 'ADMIN' };
  trail.add(security, intruder, roleAct(victim, role, { ticket: null, grantedBy: email }));
  const alert = { rule: 'new_country', severity: 'high', subject: { email, name }, score: 0.94 };
  const monitor = serviceOrigin('security-monitor', random);
  trail.add(security, monitor, alertAct(alertId, 'alert.raised', alert));
}

function takeData(file: CaseFile, trail: Trail, intruder: Origin): void {
  const { random, security, production, webhook, documents } = file;
  for (const document of documents) {
    const details = { source: 'search', secondsOpen: random.integer(2, 9) };
    trail.add(security, intruder, documentAct(document, 'document.viewed', details));
  }
  for (const workspace of [security, production, security])
    addExport(file, trail, intruder, { workspace, source: 'documents', format: 'CSV' });
  for (const document of documents) {
    const copy = { format: 'pdf', bytes: random.integer(90_000, 4_000_000) };
    const details = { ...copy, integrity: random.integrity() };
    trail.add(security, intruder, documentAct(document, 'document.downloaded', details));
  }
  const deleted = webhookAct(webhook, 'webhook.deleted', { pendingDeliveries: 31 });
  trail.add(security, intruder, deleted);
}

interface StoryExport {
  readonly workspace: DemoWorkspace;
  readonly source: string;
  readonly format: string;
  readonly filters?: { readonly ipAddresses: readonly string[] };
}

function addExport({ random }: CaseFile, trail: Trail, by: Origin, story: StoryExport): void {
  const { workspace, source, format, filters = { everything: true } } = story;
  const id = `exp_${random.hex(12)}`;
  const exported = { source, format, ...exportedFile(random) };
  trail.add(workspace, by, exportAct(id, 'export.requested', { source, format, filters }));
  const worker = serviceOrigin('export-worker', random);
  trail.add(workspace, worker, exportAct(id, 'export.completed', exported));
  trail.add(workspace, by, exportAct(id, 'export.downloaded', exported));
}

/** The key is still used after the intruder has left. */
function useKey({ random, key, production }: CaseFile, trail: Trail): void {
  for (const requests of [3, 210, 1_804]) {
    trail.wait(600, 1_100);
    const window = { minutes: 15, requests, errors: 0 };
    const usage = { endpoint: 'GET /v1/events', window, p95Ms: random.integer(200, 900) / 4 };
    const client = keyOrigin(key.id, random, KEY_ADDRESS, GEO);
    trail.add(production, client, keyAct(key, 'api_key.used', usage));
  }
}

/** The security team investigates, revokes access, restores settings and writes a report. */
function respond(file: CaseFile, trail: Trail): void {
  const { victim, key, webhook, security, production, incidentId, alertId, random, world } = file;
  const analyst = castMember('ingrid.hakansson@acme.test');
  const origin = personOrigin(analyst, world.roleOf(analyst), random);
  trail.add(
    security,
    origin,
    authAct(analyst, 'login.succeeded', {
      name: analyst.name,
      method: 'password',
      mfa: { used: true, factor: 'webauthn' },
    }),
    alertAct(alertId, 'alert.acknowledged', {
      rule: 'new_country',
      verdict: 'confirmed: account takeover',
    }),
    act('data_access', 'query.executed', 'dataset/audit_log', {
      query: "select * from audit_log where action = 'login.failed' and ip << '203.0.113.0/26'",
      rows: 74,
      durationMs: 412,
    }),
  );
  trail.wait(60, 180);
  trail.add(
    production,
    origin,
    keyAct(key, 'api_key.revoked', { reason: 'compromised', incident: incidentId }),
    authAct(victim, 'sessions.revoked', { sessions: 1, reason: 'account takeover' }),
    authAct(victim, 'password.reset', { by: origin.actor.email, mfaRequired: true }),
  );
  const events = { events: ['*'], signature: 'hmac-sha256', restored: true };
  const blocked = { added: [], removed: [], blocked: ['203.0.113.0/26'] };
  const title = `Account takeover: ${victim.name}`;
  const severity = { level: 'SEV-2', affected: { accounts: 1, workspaces: 2 } };
  const report = { id: `doc_${random.hex(12)}`, name: `${incidentId}: "${victim.name}", timeline` };
  const place = { folder: '/Security/Incidents', template: 'incident review' };
  trail.add(
    security,
    origin,
    roleAct(victim, { from: 'ADMIN', to: 'MEMBER' }, { ticket: incidentId }),
    webhookAct(webhook, 'webhook.created', events),
    settingAct('ip_allowlist.updated', security.id, blocked),
    act('security', 'incident.opened', `incident/${incidentId}`, { title, ...severity }, [
      '@oncall',
      'incident',
    ]),
    documentAct(report, 'document.created', place),
  );
  const filters = { ipAddresses: ADDRESSES };
  addExport(file, trail, origin, {
    workspace: security,
    source: 'audit_log',
    format: 'JSONL',
    filters,
  });
  const { name, email } = castMember('maya.okafor@acme.test');
  const shared = { with: { name, email }, permission: 'view', notify: true };
  trail.add(security, origin, documentAct(report, 'document.shared', shared));
  trail.wait(600, 1_200);
  trail.add(security, origin, authAct(analyst, 'logout', { tasks: 12, minutes: 40 }));
  victimReturns(file, trail);
}

function victimReturns({ random, world, victim, production }: CaseFile, trail: Trail): void {
  const origin = personOrigin(victim, world.roleOf(victim), random);
  trail.wait(1_200, 3_000);
  const mfa = { used: true, factor: 'totp', enrolledNow: true };
  const login = { name: victim.name, method: 'password', mfa };
  const change = { reason: 'reset by security', otherSessionsEnded: 0 };
  trail.add(
    production,
    origin,
    authAct(victim, 'login.succeeded', login),
    authAct(victim, 'password.changed', change),
  );
}
