import { type ExportJob, hasEnded } from './export-job.ts';
import { patient, pause } from './retry.ts';
import type { CallOptions, Transport } from './transport.ts';

export interface WaitOptions extends CallOptions {
  /** Interval between requests; default: from 0.2 s, growing to 2 s. */
  readonly pollMs?: number | undefined;
}

const FIRST_POLL_MS = 200;
const MAX_POLL_MS = 2_000;
const GROWTH = 1.4;

/** Polls the job until it has ended and yields every response. */
export async function* watchExport(
  transport: Transport,
  path: string,
  { signal, pollMs }: WaitOptions,
): AsyncGenerator<ExportJob, void, undefined> {
  let waitMs = pollMs ?? FIRST_POLL_MS;
  for (;;) {
    const request = { method: 'GET', path, idempotent: true, signal } as const;
    const job = await transport.json<ExportJob>(request, patient(transport.retry));
    yield job;
    if (hasEnded(job)) return;
    await pause(waitMs, signal);
    waitMs = pollMs ?? Math.min(MAX_POLL_MS, waitMs * GROWTH);
  }
}
