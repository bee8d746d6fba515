import { HOUR_MS } from './activity-calendar.ts';
import { CAST, personId } from './cast.ts';
import { act, type Act, type Metadata } from './demo-event.ts';
import { guestOrigin, serviceOrigin } from './origins.ts';
import type { Random } from './random.ts';
import { GUESTS } from './texts.ts';
import { keyAct, type Scene, type Step, webhookAct } from './world.ts';

/** An export that a person requests, a service completes under the same trace, and the person downloads. */
export function exportAndDownload({ random }: Scene): Step[] {
  const id = `exp_${random.hex(12)}`;
  const source = random.pick(['audit_log', 'customers', 'invoices', 'usage_events']);
  const format = random.pick(['JSONL', 'CSV', 'CSV', 'XLSX']);
  const by = serviceOrigin('export-worker', random);
  const takesMs = random.small(900, 240_000);
  const filters = { last: random.pick(['24h', '7d', '30d']), columns: random.integer(4, 17) };
  const requested = exportAct(id, 'export.requested', { source, format, filters });
  if (random.chance(0.06)) {
    const error = random.pick(['STORE_UNAVAILABLE', 'TIMEOUT', 'TOO_LARGE']);
    const failed = exportAct(id, 'export.failed', { source, error, attempt: random.integer(1, 3) });
    return [
      { afterMs: 0, act: requested },
      { afterMs: takesMs, act: failed, by },
    ];
  }
  const file = { source, format, ...exportedFile(random) };
  return [
    { afterMs: 0, act: requested },
    { afterMs: takesMs, act: exportAct(id, 'export.completed', { ...file, ms: takesMs }), by },
    {
      afterMs: takesMs + random.integer(2_000, 90_000),
      act: exportAct(id, 'export.downloaded', file),
    },
  ];
}

export const exportAct = (id: string, action: string, metadata: Metadata): Act =>
  act('export', action, `export/${id}`, metadata);

export function exportedFile(random: Random): Metadata {
  const rows = random.small(12, 900_000);
  return { rows, bytes: rows * random.integer(90, 700), integrity: random.integrity() };
}

export const guestEmail = (random: Random) =>
  `${random.pick(GUESTS)}.${random.integer(10, 99)}@${random.pick(['brightforge.test', 'andes-consulting.test', 'kontor-nord.test'])}`;

export const userAct = (action: string, email: string, metadata: Metadata): Act =>
  act('user', action, `user/${personId(email)}`, { email, ...metadata });

/** An invitation, which three in four guests accept within four days. */
export function inviteGuest({ random, workspace }: Scene): Step[] {
  const email = guestEmail(random);
  const invitation = { role: 'MEMBER', workspaces: [workspace.name], expiresInDays: 7 };
  const invited: Step = { afterMs: 0, act: userAct('user.invited', email, { invitation }) };
  if (random.chance(0.25)) return [invited];
  const waitedHours = random.small(1, 96);
  const details = { waitedHours, mfaEnrolled: random.chance(0.7) };
  const accepted = userAct('invitation.accepted', email, details);
  const by = guestOrigin(email, random);
  return [invited, { afterMs: waitedHours * HOUR_MS, act: accepted, by }];
}

/** Makes an engineer ADMIN for a while. At most two have the role at a time; then one loses it again. */
export function lendRole({ random, world, person }: Scene): Act {
  const others = CAST.filter(({ id }) => id !== person.id);
  const lent = others.filter((member) => world.roleOf(member) !== member.role);
  const engineers = others.filter(({ team, role }) => team === 'engineering' && role === 'MEMBER');
  const isReturn = lent.length >= 2 || (lent.length === 1 && random.chance(0.5));
  const member = random.pick(isReturn ? lent : engineers);
  const from = world.roleOf(member);
  const to = isReturn || from === 'ADMIN' ? member.role : 'ADMIN';
  world.setRole(member, to);
  const ticket = `IT-${random.integer(300, 4000)}`;
  return roleAct(member, { from, to }, { ticket }, ['access-review']);
}

export function roleAct(
  { id, email, name }: { readonly id: string; readonly email: string; readonly name: string },
  role: { readonly from: string; readonly to: string },
  details: Metadata,
  tags?: readonly string[],
): Act {
  const action = role.to === 'ADMIN' ? 'role.assigned' : 'role.removed';
  return act('role', action, `user/${id}`, { user: { email, name }, role, ...details }, tags);
}

const KEY_NAMES = [
  'load test',
  'zapier',
  'nightly report',
  'terraform',
  'José’s laptop',
  'データ連携',
];

export function createKey({ workspace, atMs, random }: Scene): Act {
  const key = { id: `key_${random.hex(10)}`, name: random.pick(KEY_NAMES), sinceMs: atMs };
  workspace.apiKeys.add(key);
  const permissions = random.pick([['events:write'], ['events:read'], ['exports:read']]);
  const expiresInDays = random.pick([30, 90, 365]);
  return keyAct(key, 'api_key.created', { permissions, expiresInDays });
}

/** Keeps the number of keys of a workspace between 5 and 25. */
export function revokeKey(scene: Scene): Act {
  const { workspace, atMs, random } = scene;
  const key = workspace.apiKeys.pickAt(atMs, random);
  const { size } = workspace.apiKeys;
  if (key === undefined || size < 5 || (size < 25 && random.chance(0.3))) return createKey(scene);
  workspace.apiKeys.remove(key);
  return keyAct(key, 'api_key.revoked', {
    reason: random.pick(['unused', 'replaced', 'left team']),
  });
}

/** Keeps the number of webhooks of a workspace between 3 and 8. */
export function changeWebhooks({ workspace, atMs, random }: Scene): Act {
  const webhook = workspace.webhooks.pickAt(atMs, random);
  const { size } = workspace.webhooks;
  if (webhook !== undefined && size > 3 && (size >= 8 || random.chance(0.4))) {
    workspace.webhooks.remove(webhook);
    return webhookAct(webhook, 'webhook.deleted', { pendingDeliveries: random.small(0, 12) });
  }
  const host = random.pick(['hooks.partner.test', 'etl.acme.test', 'pager.acme.test']);
  const name = `https://${host}/in/${random.hex(6)}`;
  const added = { id: `whk_${random.hex(10)}`, name, sinceMs: atMs };
  workspace.webhooks.add(added);
  const events = random.pick([['user.*'], ['billing.*', 'export.*'], ['*']]);
  return webhookAct(added, 'webhook.created', { events, signature: 'hmac-sha256' });
}

export const settingAct = (action: string, workspaceId: string, metadata: Metadata): Act =>
  act('settings', action, `workspace/${workspaceId}`, metadata);
