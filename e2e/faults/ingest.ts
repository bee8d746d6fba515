import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { ApiClient } from './api-client.ts';

const PAUSE_MS = 100;
/** Timestamps in the middle and at the start of the exported range, and the current time. */
const TIMES = ['2026-01-01T00:00:00.000001Z', '2026-01-01T00:04:00.5Z', '2026-11-01T00:00:00Z'];

export interface Ingest extends AsyncDisposable {
  /** Ids of the acknowledged events. */
  readonly acknowledged: Set<string>;
}

/** Sends events continuously. A batch without a response is sent again, which is safe because of idempotency keys. */
export function startIngest(client: ApiClient, workspaceIds: readonly string[]): Ingest {
  const acknowledged = new Set<string>();
  const stop = new AbortController();
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const events = workspaceIds.flatMap((workspaceId) =>
        TIMES.map((timestamp) => ({
          workspaceId,
          timestamp,
          category: 'late',
          action: 'arrived',
          idempotencyKey: randomUUID(),
        })),
      );
      const answer = await client.send('POST', '/v1/events', { body: { events } });
      const { results } = JSON.parse(answer.text) as { results: { id?: string }[] };
      for (const { id } of results) if (id !== undefined) acknowledged.add(id);
      await wait(PAUSE_MS);
    }
  };
  const running = run();
  // stop() throws the error. This handler prevents an unhandled rejection until then.
  running.catch(() => undefined);
  return {
    acknowledged,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}
