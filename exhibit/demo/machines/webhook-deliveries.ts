import type { MachineScene, Step } from '../scene.ts';
import { webhookAct } from '../tasks/integration-tasks.ts';

const FAILURES = [
  { status: 502, error: 'Bad Gateway' },
  { status: 503, error: 'upstream said: "try later"\n<html><body>maintenance</body></html>' },
  { status: 0, error: 'getaddrinfo ENOTFOUND' },
  { status: 401, error: 'signature mismatch' },
];
const FIRST_RETRY_MS = 15_000;
const MAX_ATTEMPTS = 5;

/** Delivered at once, or after retries that wait four times as long each, or given up after the last. */
export function deliverWebhook({ workspace, atMs, random }: MachineScene): Step[] {
  const webhook = workspace.webhooks.pickAt(atMs, random);
  if (webhook === undefined) return [];
  const failures = random.chance(0.3) ? random.small(1, MAX_ATTEMPTS) : 0;
  const payload = { type: random.pick(['user.updated', 'invoice.paid', 'export.completed']) };
  const delivery = `dlv_${random.hex(10)}`;
  const steps: Step[] = [];
  let afterMs = 0;
  for (let attempt = 1; attempt <= failures; attempt++) {
    const details = { delivery, attempt, payload, response: random.pick(FAILURES) };
    steps.push({ afterMs, act: webhookAct(webhook, 'webhook.delivery.failed', details) });
    afterMs += FIRST_RETRY_MS * 4 ** (attempt - 1) + random.integer(0, 3_000);
  }
  if (failures === MAX_ATTEMPTS) {
    const details = { delivery, reason: 'too many failures', resumesAfterMinutes: 30 };
    steps.push({ afterMs, act: webhookAct(webhook, 'webhook.disabled', details) });
    return steps;
  }
  const response = { status: 200, ms: random.small(20, 4_000) };
  const details = { delivery, attempt: failures + 1, payload, response };
  steps.push({ afterMs, act: webhookAct(webhook, 'webhook.delivered', details) });
  return steps;
}
