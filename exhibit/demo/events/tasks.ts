import { DAY_MS } from './activity-calendar.ts';
import { colleagueOf, type Role, type Team } from './cast.ts';
import { act, type Act, type Json, type Metadata } from './demo-event.ts';
import {
  changeWebhooks,
  createKey,
  exportAndDownload,
  guestEmail,
  inviteGuest,
  lendRole,
  revokeKey,
  settingAct,
  userAct,
} from './person-stories.ts';
import type { Random } from './random.ts';
import { DOCUMENT_TITLES, QUERIES, REMARKS } from './texts.ts';
import { authAct, documentAct, type Item, keyAct, type Scene, type Step } from './world.ts';

/** A unit of work of a person: one event, or a few related ones. */
interface Task {
  /** Relative frequency per team. Other teams never perform the task. */
  readonly teams: Readonly<Partial<Record<Team, number>>>;
  /** Whether the role MEMBER may not perform it. */
  readonly elevated: boolean;
  perform(scene: Scene): readonly Step[];
}

/** Picks a task that the team performs and the role permits. */
export function chooseTask(team: Team, role: Role, random: Random): Task {
  return random.weighted(TASKS, ({ teams, elevated }) =>
    elevated && role === 'MEMBER' ? 0 : (teams[team] ?? 0),
  );
}

const task = (teams: Task['teams'], describe: (scene: Scene) => Act, elevated = false): Task => ({
  teams,
  elevated,
  perform: (scene) => [{ afterMs: 0, act: describe(scene) }],
});
const adminTask = (teams: Task['teams'], describe: (scene: Scene) => Act) =>
  task(teams, describe, true);

/** A task of all teams with a document. `engineering` works with documents less often than most. */
const documentTask = (factor: number, describe: (scene: Scene) => Act) => {
  const weights = { sales: 8, leadership: 8, people: 7, finance: 6, support: 6, contractor: 6 };
  const teams = Object.entries({ ...weights, engineering: 4, security: 3 });
  return task(Object.fromEntries(teams.map(([team, weight]) => [team, weight * factor])), describe);
};
const onDocument = (action: string, describe: (scene: Scene) => Metadata) => (scene: Scene) =>
  documentAct(
    scene.workspace.documents.pickAt(scene.atMs, scene.random) ?? newDocument(scene),
    `document.${action}`,
    describe(scene),
  );

const TASKS: readonly Task[] = [
  documentTask(
    2.2,
    onDocument('viewed', ({ random }) => ({
      source: random.pick(['search', 'link', 'folder', 'recent']),
      secondsOpen: random.small(2, 900),
    })),
  ),
  documentTask(
    1.1,
    onDocument('updated', ({ random }) => {
      const version = random.small(2, 60);
      const change = { inserted: random.small(1, 900), deleted: random.small(0, 400) };
      return { version: { from: version - 1, to: version }, change, integrity: random.integrity() };
    }),
  ),
  documentTask(
    0.45,
    onDocument('commented', ({ random, person }) => ({
      comment: { text: random.pick(REMARKS), thread: random.integer(1, 30) },
      mentions: random.chance(0.4) ? [colleagueOf(person, random).name] : [],
    })),
  ),
  documentTask(0.3, onDocument('shared', sharing)),
  documentTask(
    0.5,
    onDocument('downloaded', ({ random }) => ({
      format: random.pick(['pdf', 'docx', 'xlsx', 'md']),
      bytes: random.small(8_000, 40_000_000),
      integrity: random.integrity(),
    })),
  ),
  documentTask(0.15, (scene) => {
    const document = newDocument(scene);
    scene.workspace.documents.add(document);
    const folder = scene.random.pick(['/', '/Shared/Teams', '/Shared/客户', '/Drafts', '/Архив']);
    return documentAct(document, 'document.created', { folder, template: null });
  }),
  documentTask(0.1, (scene) => {
    const { workspace, atMs, random } = scene;
    const document = workspace.documents.pickAt(atMs, random) ?? newDocument(scene);
    workspace.documents.remove(document);
    const reason = random.pick(['duplicate', 'retention', 'by owner']);
    return documentAct(document, 'document.deleted', { reason, recoverableForDays: 30 });
  }),
  task(
    { support: 14, finance: 5, sales: 5, people: 4, security: 2, contractor: 1 },
    ({ random }) => {
      const dataset = random.pick(DATASETS);
      const record = `record/${dataset}/${random.integer(1000, 99_999)}` as const;
      const fields = random.pick([
        ['name', 'email'],
        ['email', 'phone', 'address'],
        ['plan', 'mrr'],
      ]);
      const details = { dataset, fields, reason: `ticket SUP-${random.integer(2000, 9999)}` };
      const tags = random.chance(0.3) ? ['pii'] : undefined;
      return act('data_access', 'record.viewed', record, details, tags);
    },
  ),
  task({ engineering: 7, security: 5, finance: 3, contractor: 2 }, ({ random }) =>
    act('data_access', 'query.executed', `dataset/${random.pick(DATASETS)}`, {
      query: random.pick(QUERIES),
      rows: random.small(0, 50_000),
      scannedBytes: random.small(4_096, 9_000_000_000),
      durationMs: random.small(3, 12_000),
    }),
  ),
  {
    teams: { security: 6, finance: 2.5, leadership: 1, people: 1, sales: 0.8, support: 0.5 },
    elevated: false,
    perform: exportAndDownload,
  },
  { teams: { people: 3, leadership: 0.5, security: 0.4 }, elevated: true, perform: inviteGuest },
  adminTask({ people: 1, security: 0.5 }, ({ random }) =>
    userAct('user.deactivated', guestEmail(random), {
      reason: random.pick(['contract ended', 'inactive for 90 days', 'left the partner']),
      transferredDocuments: random.small(0, 40),
    }),
  ),
  adminTask({ security: 0.8, people: 0.5, leadership: 0.4, engineering: 0.3 }, lendRole),
  task(
    { people: 0.4, sales: 0.4, support: 0.4, engineering: 0.3, finance: 0.3, contractor: 0.3 },
    ({ person, random }) =>
      userAct('user.profile.updated', person.email, {
        field: random.pick(['displayName', 'timezone', 'locale', 'phone']),
        displayName: person.name,
      }),
  ),
  task({ contractor: 0.3, sales: 0.2, support: 0.2, engineering: 0.15 }, ({ person, random }) =>
    authAct(person, 'password.changed', {
      reason: random.pick(['expired', 'by user']),
      otherSessionsEnded: random.small(0, 4),
    }),
  ),
  adminTask({ engineering: 0.5, security: 0.4 }, createKey),
  adminTask({ security: 0.8, engineering: 0.6 }, (scene) => {
    const key = scene.workspace.apiKeys.pickAt(scene.atMs, scene.random);
    if (key === undefined) return createKey(scene);
    const overlapHours = scene.random.pick([0, 1, 24]);
    return keyAct(key, 'api_key.rotated', { overlapHours, reason: 'scheduled' });
  }),
  adminTask({ security: 0.5, engineering: 0.4 }, revokeKey),
  adminTask({ engineering: 0.6 }, changeWebhooks),
  adminTask(
    { engineering: 1, leadership: 1, security: 1, people: 0.6 },
    ({ random, workspace }) => {
      const [key, from, to] = random.pick(SETTINGS);
      return settingAct('settings.updated', workspace.id, { key, from, to });
    },
  ),
  adminTask({ security: 0.7 }, ({ random, workspace }) =>
    settingAct('ip_allowlist.updated', workspace.id, {
      added: [`192.0.2.${random.integer(64, 127)}/32`],
      removed: random.chance(0.4) ? [`192.0.2.${random.integer(128, 191)}/32`] : [],
    }),
  ),
  adminTask({ security: 0.9 }, ({ random }) => {
    const policy = random.pick(['mfa-required', 'password-length', 'device-trust', 'public-links']);
    const reason = random.pick(['legacy client', 'kiosk', null]);
    const details = { revision: random.integer(3, 80), exceptions: random.small(0, 6), reason };
    return act('security', 'policy.updated', `policy/${policy}`, details, ['change-management']);
  }),
  adminTask({ finance: 1.2 }, ({ random }) =>
    act('billing', 'card.updated', `payment_method/pm_${random.hex(10)}`, {
      brand: random.pick(['visa', 'mastercard', 'jcb']),
      last4: String(random.integer(1000, 9999)),
      expires: { month: random.integer(1, 12), year: random.integer(2027, 2031) },
    }),
  ),
  adminTask({ finance: 0.8, leadership: 0.5 }, ({ random }) =>
    act('billing', 'plan.changed', `subscription/sub_${random.hex(10)}`, {
      plan: { from: 'team', to: random.pick(['business', 'enterprise']) },
      seats: { from: 60, to: random.integer(61, 90) },
      prorationCents: random.integer(-90_000, 240_000),
    }),
  ),
];

const DATASETS = ['customers', 'invoices', 'usage_events', 'support_tickets', 'employees'];
const SETTINGS: readonly (readonly [key: string, from: Json, to: Json])[] = [
  ['session.idle_timeout_minutes', 60, 30],
  ['branding.welcome_text', 'Welcome!', 'Willkommen bei Acme!\nبيئة العمل الجديدة'],
  ['export.max_rows', 1_000_000, 5_000_000],
  ['notifications.digest', { enabled: false }, { enabled: true, at: '08:00', days: [1, 3, 5] }],
  ['uploads.allowed_types', ['pdf', 'docx'], ['pdf', 'docx', 'xlsx', 'md']],
  ['sampling.rate', 0.25, 0.1],
];

function newDocument({ random, atMs }: Scene): Item {
  const month = new Date(atMs).toISOString().slice(0, 7);
  const name = `${random.pick(DOCUMENT_TITLES)}, ${month}`;
  return { id: `doc_${random.hex(12)}`, name, sinceMs: atMs };
}

function sharing({ random, person, atMs }: Scene): Metadata {
  const permission = random.pick(['view', 'comment', 'edit']);
  if (random.chance(0.25)) {
    const expiresAt = new Date(atMs + random.integer(1, 30) * DAY_MS).toISOString();
    return { link: { scope: 'anyone with the link', permission, expiresAt } };
  }
  const { name, email } = colleagueOf(person, random);
  return { with: { name, email }, permission, notify: random.chance(0.8) };
}
