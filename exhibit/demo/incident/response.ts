import { HOUR_MS } from '../activity-calendar.ts';
import { authAct } from '../auth-acts.ts';
import { castMember } from '../cast.ts';
import type { Act, Metadata, Occurrence, Origin } from '../demo-event.ts';
import { alertAct } from '../machines/security-watch.ts';
import { personOrigin, serviceOrigin } from '../origins.ts';
import { settingAct } from '../tasks/admin-tasks.ts';
import { documentAct } from '../tasks/document-tasks.ts';
import { exportAct, exportedFile } from '../tasks/export-tasks.ts';
import { keyAct, webhookAct } from '../tasks/integration-tasks.ts';
import type { CaseFile } from './case-file.ts';
import { Trail } from './trail.ts';

/** 08:05 in Berlin. */
const MORNING_MS = 6 * HOUR_MS + 300_000;

/** The security team's morning: close the door, put things back, write it down. */
export function respond(file: CaseFile): Occurrence[] {
  const analyst = castMember('ingrid.hakansson@acme.test');
  const trail = new Trail(file.nightMs + MORNING_MS, file.random);
  const origin = personOrigin(analyst, file.world.roleOf(analyst), file.random);
  const mfa = { used: true, factor: 'webauthn' };
  const login = { name: analyst.name, method: 'password', mfa };
  trail.add(file.security, origin, authAct(analyst, 'login.succeeded', login));
  investigate(file, trail, origin);
  closeTheDoor(file, trail, origin);
  writeItDown(file, trail, origin);
  trail.wait(600, 1_200);
  trail.add(file.security, origin, authAct(analyst, 'logout', { tasks: 12 }));
  victimReturns(file, trail);
  return trail.occurrences;
}

function investigate({ alertId, security }: CaseFile, trail: Trail, origin: Origin): void {
  const verdict = { rule: 'new_country', verdict: 'confirmed: account takeover' };
  trail.add(security, origin, alertAct(alertId, 'alert.acknowledged', verdict));
  trail.wait(60, 180);
  trail.add(security, origin, {
    category: 'data_access',
    action: 'query.executed',
    resource: { type: 'dataset', id: 'audit_log' },
    metadata: {
      query: "select * from audit_log where action = 'login.failed' and ip << '203.0.113.0/26'",
      rows: 74,
      durationMs: 412,
    },
  });
  trail.wait(60, 180);
}

function closeTheDoor(file: CaseFile, trail: Trail, origin: Origin): void {
  const { victim, key, webhook, security, production } = file;
  const revoked = { reason: 'compromised', incident: incidentId(file) };
  trail.add(production, origin, keyAct(key, 'api_key.revoked', revoked));
  const ended = { sessions: 1, reason: 'account takeover' };
  trail.add(production, origin, authAct(victim, 'sessions.revoked', ended));
  const reset = { by: origin.actor.email, mfaRequired: true };
  trail.add(production, origin, authAct(victim, 'password.reset', reset));
  const user = { email: victim.email, name: victim.name };
  const role = { from: 'ADMIN', to: 'MEMBER' };
  trail.add(security, origin, {
    category: 'role',
    action: 'role.removed',
    resource: { type: 'user', id: victim.id },
    metadata: { user, role, ticket: incidentId(file) },
  });
  const restored = { events: ['*'], signature: 'hmac-sha256', restored: true };
  trail.add(security, origin, webhookAct(webhook, 'webhook.created', restored));
  const blocked = { added: [], removed: [], blocked: ['203.0.113.0/26'] };
  trail.add(security, origin, settingAct('ip_allowlist.updated', security.id, blocked));
}

function writeItDown(file: CaseFile, trail: Trail, origin: Origin): void {
  const { random, security, victim } = file;
  const id = incidentId(file);
  const tags = ['@oncall', 'incident'];
  const severity = { level: 'SEV-2', affected: { accounts: 1, workspaces: 2 } };
  const details = { title: `Account takeover: ${victim.name}`, ...severity };
  trail.add(security, origin, { ...incidentAct(id, 'incident.opened', details), tags });
  const document = {
    id: `doc_${random.hex(12)}`,
    title: `${id}: account takeover of "${victim.name}", timeline`,
    sinceMs: 0,
  };
  const place = { folder: '/Security/Incidents', template: 'incident review' };
  trail.add(security, origin, documentAct(document, 'document.created', place));
  const exportId = `exp_${random.hex(12)}`;
  const what = { source: 'audit_log', format: 'JSONL' };
  const filters = { ipAddresses: ['203.0.113.17', '203.0.113.23', '203.0.113.41'] };
  const exported = { ...what, ...exportedFile(random) };
  trail.add(security, origin, exportAct(exportId, 'export.requested', { ...what, filters }));
  const worker = serviceOrigin('export-worker', random);
  trail.add(security, worker, exportAct(exportId, 'export.completed', exported));
  trail.add(security, origin, exportAct(exportId, 'export.downloaded', exported));
  const { name, email } = castMember('maya.okafor@acme.test');
  const sharing = { with: { name, email }, permission: 'view', notify: true };
  trail.add(security, origin, documentAct(document, 'document.shared', sharing));
}

/** The person whose account it was, on a new password. */
function victimReturns({ random, world, victim, production }: CaseFile, trail: Trail): void {
  const origin = personOrigin(victim, world.roleOf(victim), random);
  trail.wait(1_200, 3_000);
  const mfa = { used: true, factor: 'totp', enrolledNow: true };
  const login = { name: victim.name, method: 'password', mfa };
  trail.add(production, origin, authAct(victim, 'login.succeeded', login));
  const change = { reason: 'reset by security', otherSessionsEnded: 0 };
  trail.add(production, origin, authAct(victim, 'password.changed', change));
}

function incidentId({ nightMs }: CaseFile): string {
  return `INC-${new Date(nightMs).toISOString().slice(0, 10)}`;
}

function incidentAct(id: string, action: string, metadata: Metadata): Act {
  return { category: 'security', action, resource: { type: 'incident', id }, metadata };
}
