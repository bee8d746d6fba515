import type { Act, Json } from '../demo-event.ts';
import { singleAct, type Scene, type Task } from '../scene.ts';

const SETTINGS: readonly (readonly [key: string, from: Json, to: Json])[] = [
  ['session.idle_timeout_minutes', 60, 30],
  ['branding.welcome_text', 'Welcome!', 'Willkommen bei Acme!\nبيئة العمل الجديدة'],
  ['export.max_rows', 1_000_000, 5_000_000],
  ['notifications.digest', { enabled: false }, { enabled: true, at: '08:00', days: [1, 3, 5] }],
  ['uploads.allowed_types', ['pdf', 'docx'], ['pdf', 'docx', 'xlsx', 'md']],
  ['sampling.rate', 0.25, 0.1],
];
const PLANS = ['team', 'business', 'enterprise'];
const POLICIES = ['mfa-required', 'password-length', 'device-trust', 'public-links'];

export const ADMIN_TASKS: readonly Task[] = [
  {
    teams: { engineering: 1, leadership: 1, people: 0.6, security: 1 },
    elevated: true,
    perform: singleAct(({ random, workspace }) => {
      const [key, from, to] = random.pick(SETTINGS);
      const change = random.chance(0.5) ? { from, to } : { from: to, to: from };
      return settingAct('settings.updated', workspace.id, { key, ...change });
    }),
  },
  {
    teams: { security: 0.4, engineering: 0.15 },
    elevated: true,
    perform: singleAct(({ random, workspace }) =>
      settingAct('sso.configured', workspace.id, {
        provider: random.pick(['okta', 'entra-id', 'keycloak']),
        saml: { entityId: 'https://id.acme.test/saml', certificate: random.integrity() },
      }),
    ),
  },
  {
    teams: { security: 0.7 },
    elevated: true,
    perform: singleAct(({ random, workspace }) =>
      settingAct('ip_allowlist.updated', workspace.id, {
        added: [`192.0.2.${random.integer(64, 127)}/32`],
        removed: random.chance(0.4) ? [`192.0.2.${random.integer(128, 191)}/32`] : [],
      }),
    ),
  },
  { teams: { security: 0.9 }, elevated: true, perform: singleAct(updatePolicy) },
  { teams: { finance: 1.2 }, elevated: true, perform: singleAct(updateCard) },
  { teams: { finance: 0.8, leadership: 0.5 }, elevated: true, perform: singleAct(changePlan) },
];

export function settingAct(action: string, id: string, metadata: Act['metadata']): Act {
  return { category: 'settings', action, resource: { type: 'workspace', id }, metadata };
}

function updatePolicy({ random }: Scene): Act {
  const policy = random.pick(POLICIES);
  return {
    category: 'security',
    action: 'policy.updated',
    resource: { type: 'policy', id: policy },
    metadata: {
      revision: random.integer(3, 80),
      exceptions: {
        users: random.small(0, 6),
        reason: random.pick(['legacy client', 'kiosk', null]),
      },
      integrity: random.integrity(),
    },
    tags: ['change-management'],
  };
}

function updateCard({ random }: Scene): Act {
  return {
    category: 'billing',
    action: 'card.updated',
    resource: { type: 'payment_method', id: `pm_${random.hex(10)}` },
    metadata: {
      brand: random.pick(['visa', 'mastercard', 'jcb']),
      last4: String(random.integer(1000, 9999)),
      expires: { month: random.integer(1, 12), year: random.integer(2027, 2031) },
    },
  };
}

function changePlan({ random }: Scene): Act {
  const from = random.pick(PLANS);
  return {
    category: 'billing',
    action: 'plan.changed',
    resource: { type: 'subscription', id: `sub_${random.hex(10)}` },
    metadata: {
      plan: { from, to: random.pick(PLANS.filter((plan) => plan !== from)) },
      seats: { from: 60, to: random.integer(61, 90) },
      prorationCents: random.integer(-90_000, 240_000),
    },
  };
}
