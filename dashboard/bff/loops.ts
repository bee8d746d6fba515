import { setTimeout as wait } from 'node:timers/promises';
import type { BffDeps } from './bff-deps.ts';
import { provisionPending } from './companies/provision-company.ts';
import { recordHeartbeat } from './evidence/process-heartbeat.ts';
import { reconcile } from './evidence/reconcile.ts';
import { recordUncountedRefusals } from './evidence/refused-requests.ts';
import { importOutboxes } from './evidence/import-outbox.ts';
import { purgeExpired } from './purge.ts';

/** Intervals of the dashboard's background loops, milliseconds. */
export interface LoopTimes {
  readonly heartbeatMs: number;
  readonly reconcileMs: number;
  readonly outboxMs: number;
  readonly provisionMs: number;
  /** A process without a heartbeat for this long is considered dead. */
  readonly deadAfterMs: number;
  /** Longer than any call of the api may take. */
  readonly callAfterMs: number;
}

// Intents of a crashed process are settled within 25 s, those of an unanswered call (35 s) within 50 s of its start.
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

/** Runs the loops until `signal`; resolves when all have ended. A failed round is retried in the next one. */
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
    every(times.outboxMs, 'importing the outbox', () => importOutboxes(deps)),
    every(times.provisionMs, 'provisioning', () => provisionPending(deps)),
    every(REFUSALS_MS, 'counting refused requests', () => recordUncountedRefusals(deps)),
    every(HOUR_MS, 'purging', async () => void (await purgeExpired(deps.pool, signal))),
  ]);
}
