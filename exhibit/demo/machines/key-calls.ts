import { keyOrigin } from '../origins.ts';
import type { MachineScene, Step } from '../scene.ts';
import { keyAct } from '../tasks/integration-tasks.ts';

const ENDPOINTS = ['POST /v1/events', 'GET /v1/events', 'POST /v1/exports', 'GET /v1/keys/status'];

/** What an integration does in a quarter of an hour, as one line. */
export function callWithKey({ workspace, atMs, random }: MachineScene): Step[] {
  const key = workspace.apiKeys.pickAt(atMs, random);
  if (key === undefined) return [];
  const address = `192.0.2.${192 + random.small(0, 40)}`;
  const act = keyAct(key, 'api_key.used', {
    endpoint: random.pick(ENDPOINTS),
    window: { minutes: 15, requests: random.small(1, 4_000), errors: random.small(0, 12) },
    p95Ms: random.small(4, 900) / 4,
  });
  return [{ afterMs: 0, act, by: keyOrigin(key.id, random, address, 'IE-D Dublin') }];
}
