import { DAY_MS } from './activity-calendar.ts';
import { CAST } from './cast.ts';
import { act, type Act, type Metadata, type Occurrence } from './demo-event.ts';
import { keyOrigin, personOrigin, serviceOrigin, type ServiceName } from './origins.ts';
import type { Random } from './random.ts';
import { CUSTOMERS, WEBHOOK_FAILURES } from './texts.ts';
import {
  keyAct,
  type MachineScene,
  type Step,
  toOccurrence,
  webhookAct,
  type World,
} from './world.ts';

interface Machine {
  readonly weight: number;
  /** The actor of steps without `by`. */
  readonly service: ServiceName;
  /** Name of the only workspace in which it works; default: any. */
  readonly workspace?: string;
  run(scene: MachineScene): readonly Step[];
}

const MACHINES: readonly Machine[] = [
  { weight: 5, service: 'webhook-relay', run: deliverWebhook },
  { weight: 5, service: 'webhook-relay', run: callWithKey },
  { weight: 2.5, service: 'ci-deployer', workspace: 'Production', run: deploy },
  { weight: 2, service: 'backup-agent', run: backUp },
  { weight: 2, service: 'billing-bot', workspace: 'Production', run: invoice },
  { weight: 1.5, service: 'security-monitor', workspace: 'Security', run: watchSecurity },
];

/** One run of a service account. All its events share one trace id. */
export function machineStory(atMs: number, world: World, random: Random): Occurrence[] {
  const machine = random.weighted(MACHINES, ({ weight }) => weight);
  const workspace =
    machine.workspace === undefined
      ? world.workspaceFor('engineering', random)
      : world.workspaceNamed(machine.workspace);
  const origin = serviceOrigin(machine.service, random);
  const steps = machine.run({ atMs, random, world, workspace });
  return steps.map((step) => toOccurrence(step, atMs, workspace.id, origin));
}

/** A delivery that succeeds immediately or after up to four retries with growing delays. */
function deliverWebhook({ workspace, atMs, random }: MachineScene): Step[] {
  const webhook = workspace.webhooks.pickAt(atMs, random);
  if (webhook === undefined) return [];
  const failures = random.chance(0.3) ? random.small(1, 4) : 0;
  const payload = { type: random.pick(['user.updated', 'invoice.paid', 'export.completed']) };
  const delivery = { delivery: `dlv_${random.hex(10)}`, payload };
  const steps: Step[] = [];
  let afterMs = 0;
  for (let attempt = 1; attempt <= failures; attempt++) {
    const details = { ...delivery, attempt, response: random.pick(WEBHOOK_FAILURES) };
    steps.push({ afterMs, act: webhookAct(webhook, 'webhook.delivery.failed', details) });
    afterMs += 15_000 * 4 ** (attempt - 1) + random.integer(0, 3_000);
  }
  const response = { status: 200, ms: random.small(20, 4_000) };
  const details = { ...delivery, attempt: failures + 1, response };
  return [...steps, { afterMs, act: webhookAct(webhook, 'webhook.delivered', details) }];
}

const ENDPOINTS = ['POST /v1/events', 'GET /v1/events', 'POST /v1/exports', 'GET /v1/keys/status'];

/** Summarises the requests of an integration in fifteen minutes. */
function callWithKey({ workspace, atMs, random }: MachineScene): Step[] {
  const key = workspace.apiKeys.pickAt(atMs, random);
  if (key === undefined) return [];
  const address = `192.0.2.${192 + random.small(0, 40)}`;
  const window = { minutes: 15, requests: random.small(1, 4_000), errors: random.small(0, 12) };
  const usage = { endpoint: random.pick(ENDPOINTS), window, p95Ms: random.small(4, 900) / 4 };
  const by = keyOrigin(key.id, random, address, 'IE-D Dublin');
  return [{ afterMs: 0, act: keyAct(key, 'api_key.used', usage), by }];
}

const COMPONENTS = ['api', 'web', 'worker', 'billing', 'search-indexer', 'mail-gateway'];
const DEPLOY_FAILURES = [
  'health check failed: 503 from /ready',
  'migration lock timeout',
  'canary: errors +4.2%',
];

/** A deployment that succeeds, or fails and is rolled back. */
function deploy({ atMs, random }: MachineScene): Step[] {
  const id = `dep_${random.hex(12)}`;
  const { name, email } = random.pick(CAST.filter(({ team }) => team === 'engineering'));
  const version = `${new Date(atMs).toISOString().slice(0, 10)}.${random.integer(1, 40)}`;
  const release = { component: random.pick(COMPONENTS), version, commit: random.hex(40) };
  const deployment = (action: string, details: Metadata): Act =>
    act('deployment', `deployment.${action}`, `deployment/${id}`, { ...release, ...details }, [
      'production',
      'release',
    ]);
  const triggeredBy = { name, email };
  const started = deployment('started', { environment: 'production', triggeredBy });
  const takesMs = random.integer(70_000, 900_000);
  const steps: Step[] = [{ afterMs: 0, act: started }];
  if (random.chance(0.91)) {
    const checks = { passed: random.integer(120, 400), failed: 0, seconds: takesMs / 1000 };
    const details = { checks, integrity: random.integrity() };
    return [...steps, { afterMs: takesMs, act: deployment('succeeded', details) }];
  }
  const failed = deployment('failed', { reason: random.pick(DEPLOY_FAILURES) });
  const backMs = takesMs + random.integer(20_000, 120_000);
  const rolledBack = { afterMs: backMs, act: deployment('rolled_back', { automatic: true }) };
  return [...steps, { afterMs: takesMs, act: failed }, rolledBack];
}

/** One backup in fifty fails and is repeated ten minutes later. */
function backUp({ workspace, random }: MachineScene): Step[] {
  const database = random.pick(['app', 'billing', 'search', 'audit']);
  const resource = `database/${workspace.name.toLowerCase()}-${database}` as const;
  const kind = 'incremental';
  const completed = act('backup', 'backup.completed', resource, {
    kind,
    bytes: random.small(2_000_000, 90_000_000_000),
    seconds: random.small(4, 5_400),
    integrity: random.integrity(),
  });
  if (random.chance(0.98)) return [{ afterMs: 0, act: completed }];
  const error = { kind, error: 'No space left on device', retryInMinutes: 10 };
  const failed = act('backup', 'backup.failed', resource, error);
  return [
    { afterMs: 0, act: failed },
    { afterMs: 600_000, act: completed },
  ];
}

/** An invoice that is paid, or declined and paid two days later. */
function invoice({ random }: MachineScene): Step[] {
  const id = `inv_${random.hex(10)}`;
  const customer = { id: `cus_${random.hex(8)}`, name: random.pick(CUSTOMERS) };
  const currency = random.pick(['USD', 'EUR', 'JPY']);
  const bill = { customer, amount: { cents: random.small(2_900, 4_800_000), currency } };
  const method = random.pick(['card', 'sepa_debit', 'wire']);
  const paid = act('billing', 'invoice.paid', `invoice/${id}`, { ...bill, method });
  if (random.chance(0.87)) return [{ afterMs: 0, act: paid }];
  const code = random.pick(['card_declined', 'insufficient_funds', 'expired_card']);
  const declined = { ...bill, declined: { code }, attempt: 1, nextTryInDays: 2 };
  return [
    { afterMs: 0, act: act('billing', 'invoice.failed', `invoice/${id}`, declined) },
    { afterMs: 2 * DAY_MS, act: paid },
  ];
}

const RULES = ['impossible_travel', 'many_downloads', 'new_country', 'public_link_created'];

/** A scan with few findings, or a false alert that an analyst acknowledges within half an hour. */
function watchSecurity({ random, world }: MachineScene): Step[] {
  if (random.chance(0.6)) {
    const target = random.pick(['dependencies', 'containers', 'public endpoints']);
    const findings = { critical: 0, high: random.small(0, 3), medium: random.small(0, 14) };
    const details = { target, findings, seconds: random.small(30, 4_000) / 8 };
    const scan = act('security', 'scan.completed', `scan/scn_${random.hex(10)}`, details);
    return [{ afterMs: 0, act: scan }];
  }
  const id = `alr_${random.hex(10)}`;
  const rule = random.pick(RULES);
  const { email, name } = random.pick(CAST);
  const severity = random.pick(['low', 'low', 'low', 'medium']);
  const details = {
    rule,
    severity,
    subject: { email, name },
    score: random.integer(100, 690) / 1000,
  };
  const analyst = random.pick(CAST.filter(({ team }) => team === 'security'));
  const verdict = random.pick(['expected', 'false positive', 'user confirmed by phone']);
  return [
    { afterMs: 0, act: alertAct(id, 'alert.raised', details) },
    {
      afterMs: random.small(60_000, 1_800_000),
      act: alertAct(id, 'alert.acknowledged', { rule, verdict }),
      by: personOrigin(analyst, world.roleOf(analyst), random),
    },
  ];
}

export const alertAct = (id: string, action: string, metadata: Metadata): Act =>
  act('security', action, `alert/${id}`, metadata, ['@oncall', 'detection']);
