import { setTimeout as wait } from 'node:timers/promises';
import type { BffDeps } from './bff-deps.ts';
import { provisionPending } from './companies/provision-company.ts';
import { recordHeartbeat } from './evidence/process-heartbeat.ts';
import { reconcile } from './evidence/reconcile.ts';
import { recordUncountedRefusals } from './evidence/refused-requests.ts';
import { importOutboxes } from './evidence/import-outbox.ts';
import { purgeExpired } from './purge.ts';

/** How often the dashboard's own work is looked at, milliseconds. */
export interface LoopTimes {
  readonly heartbeatMs: number;
  readonly reconcileMs: number;
  readonly outboxMs: number;
  readonly provisionMs: number;
  /** A process not seen for this long is dead. */
  readonly deadAfterMs: number;
  /** Longer than a call of the api may take. */
  readonly callAfterMs: number;
}

// A crash is settled 25 s after it at the latest, an unanswered call (35 s) 50 s after it began.
export const LOOP_TIMES: LoopTimes = {
  heartbeatMs: 4_000,
  reconcileMs: 5_000,
  outboxMs: 2_000,
  provisionMs: 5_000,
  deadAfterMs: 20_000,
  callAfterMs: 42_000,
};

const REFUSALS_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Starts them; resolves when all have ended after `signal`. A round that fails is tried again with the next. */
export async function runLoops(
  deps: BffDeps,
  times: LoopTimes,
  signal: AbortSignal,
): Promise<void> {
  const every = async (ms: number, name: string, round: () => Promise<void>) => {
    while (!signal.aborted) {
      await round().catch((error: unknown) => deps.log.warn({ err: error }, `${name} failed`));
      await wait(ms, undefined, { signal }).catch(() => undefined);
    }
  };
  await Promise.all([
    every(times.heartbeatMs, 'heartbeat', () => recordHeartbeat(deps.pool, deps.processId)),
    every(times.reconcileMs, 'reconciling', () => reconcile(deps, times)),
    every(times.outboxMs, 'taking the outbox', () => importOutboxes(deps)),
    every(times.provisionMs, 'provisioning', () => provisionPending(deps)),
    every(REFUSALS_MS, 'counting refused requests', () => recordUncountedRefusals(deps)),
    every(HOUR_MS, 'purging', async () => void (await purgeExpired(deps.pool, signal))),
  ]);
}
