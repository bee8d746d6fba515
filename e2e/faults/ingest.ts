import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { ApiClient } from './api-client.ts';

const PAUSE_MS = 100;
/** Back-dated into the middle of what is exported, at its beginning, and new. */
const TIMES = ['2026-01-01T00:00:00.000001Z', '2026-01-01T00:04:00.5Z', '2026-11-01T00:00:00Z'];

export interface Ingest extends AsyncDisposable {
  /** Ids of the events that the api said it has. */
  readonly acknowledged: Set<string>;
}

/** Sends events all the time; a batch without an answer is sent again, its idempotency keys make that harmless. */
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
  // Its failure is thrown when the ingest is stopped; until then it must not count as unhandled.
  running.catch(() => undefined);
  return {
    acknowledged,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}
