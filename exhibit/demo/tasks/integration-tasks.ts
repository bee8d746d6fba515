import type { Act, Metadata } from '../demo-event.ts';
import { singleAct, type Scene, type Task } from '../scene.ts';
import type { DemoKey, DemoWebhook } from '../world.ts';

const MAX_KEYS = 25;
const MAX_WEBHOOKS = 8;
const KEY_NAMES = [
  'load test',
  'zapier',
  'nightly report',
  'terraform',
  'José’s laptop',
  'データ連携',
];
const HOSTS = ['hooks.partner.test', 'etl.acme.test', 'pager.acme.test', 'staging.acme.test'];

export const INTEGRATION_TASKS: readonly Task[] = [
  { teams: { engineering: 0.5, security: 0.4 }, elevated: true, perform: singleAct(createKey) },
  {
    teams: { engineering: 0.6, security: 0.8 },
    elevated: true,
    perform: singleAct((scene) => {
      const key = scene.workspace.apiKeys.pickAt(scene.atMs, scene.random);
      if (key === undefined) return createKey(scene);
      const overlapHours = scene.random.pick([0, 1, 24]);
      return keyAct(key, 'api_key.rotated', { overlapHours, reason: 'scheduled' });
    }),
  },
  { teams: { engineering: 0.4, security: 0.5 }, elevated: true, perform: singleAct(revokeKey) },
  { teams: { engineering: 0.6 }, elevated: true, perform: singleAct(changeWebhooks) },
];

function createKey({ workspace, atMs, random }: Scene): Act {
  const key: DemoKey = {
    id: `key_${random.hex(10)}`,
    name: random.pick(KEY_NAMES),
    permissions: random.pick([
      ['events:write'],
      ['events:read'],
      ['exports:read', 'exports:write'],
    ]),
    sinceMs: atMs,
  };
  workspace.apiKeys.add(key);
  return keyAct(key, 'api_key.created', {
    permissions: key.permissions,
    expiresInDays: random.pick([30, 90, 365]),
  });
}

function revokeKey(scene: Scene): Act {
  const { workspace, atMs, random } = scene;
  const key = workspace.apiKeys.pickAt(atMs, random);
  if (key === undefined || workspace.apiKeys.size < 5) return createKey(scene);
  if (workspace.apiKeys.size < MAX_KEYS && random.chance(0.3)) return createKey(scene);
  workspace.apiKeys.remove(key);
  return keyAct(key, 'api_key.revoked', {
    reason: random.pick(['unused', 'replaced', 'left team']),
  });
}

export function keyAct(key: Pick<DemoKey, 'id' | 'name'>, action: string, details: Metadata): Act {
  return {
    category: 'api_key',
    action,
    resource: { type: 'api_key', id: key.id },
    metadata: { name: key.name, prefix: `exh_${key.id.slice(4, 8)}…`, ...details },
  };
}

function changeWebhooks({ workspace, atMs, random }: Scene): Act {
  const webhook = workspace.webhooks.pickAt(atMs, random);
  const isFull = workspace.webhooks.size >= MAX_WEBHOOKS;
  if (webhook !== undefined && workspace.webhooks.size > 3 && (isFull || random.chance(0.4))) {
    workspace.webhooks.remove(webhook);
    return webhookAct(webhook, 'webhook.deleted', { pendingDeliveries: random.small(0, 12) });
  }
  const added = {
    id: `whk_${random.hex(10)}`,
    url: `https://${random.pick(HOSTS)}/in/${random.hex(6)}`,
    sinceMs: atMs,
  };
  workspace.webhooks.add(added);
  const events = random.pick([['user.*'], ['billing.*', 'export.*'], ['*']]);
  return webhookAct(added, 'webhook.created', { events, signature: 'hmac-sha256' });
}

export function webhookAct(
  webhook: Pick<DemoWebhook, 'id' | 'url'>,
  action: string,
  details: Metadata,
): Act {
  return {
    category: 'webhook',
    action,
    resource: { type: 'webhook', id: webhook.id },
    metadata: { url: webhook.url, ...details },
  };
}
