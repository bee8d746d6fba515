import { pino } from 'pino';
import { buildApp } from '../server/src/api/build-app.ts';
import { EventIntake } from '../server/src/events/event-intake.ts';
import { openPool } from '../server/src/regions/connect.ts';
import { openQueue } from '../server/src/regions/queue.ts';
import { openArtifactStore } from '../server/src/storage/open-artifact-store.ts';
import { PERMISSIONS } from '../server/src/tenancy/api-key.ts';
import { issueApiKey } from '../server/src/tenancy/issue-api-key.ts';
import { provisionCompany } from '../server/src/tenancy/sql/provision-company.ts';
import type { BenchRegion } from './bench-region.ts';

export const BATCH = 1000;

const COMPANY = '0198c1de-0000-7000-8000-0000000000c2';
const WORKSPACE = '0198c1de-0000-7000-8000-0000000000b1';

/** An api with one workspace to send to, over HTTP. */
export interface IngestTarget extends AsyncDisposable {
  /** Sends bodies one after another. */
  send(bodies: Iterable<string>): Promise<void>;
}

export async function openIngestTarget(region: BenchRegion): Promise<IngestTarget> {
  await provisionCompany(region.owner, {
    id: COMPANY,
    name: 'Bench',
    workspaces: [{ id: WORKSPACE, name: 'Bench' }],
  });
  const { key } = await issueApiKey(region.owner, 'us', {
    companyId: COMPANY,
    name: 'bench',
    workspaceId: WORKSPACE,
    permissions: PERMISSIONS,
    expiresAt: null,
  });
  const pool = openPool(region.url, { role: 'api' });
  const us = {
    name: 'us',
    pool,
    queue: openQueue(region.url, 'api'),
    store: openArtifactStore('file:///tmp/unused'),
    intake: new EventIntake(pool),
  };
  const app = await buildApp({
    regions: new Map([['us', us]]),
    log: pino({ level: 'warn' }),
    settings: { exportMaxRows: 1, exportMaxRunning: 1 },
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    send: (bodies) => send(url, key, bodies),
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await pool.end();
    },
  };
}

async function send(url: string, key: string, bodies: Iterable<string>): Promise<void> {
  for (const body of bodies) {
    const answer = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
    });
    const { created } = (await answer.json()) as { created: number };
    if (created !== BATCH) throw new Error(`only ${created} of ${BATCH} events were created`);
  }
}

export function batch(number: number): string {
  const events = Array.from({ length: BATCH }, (_, index) => {
    const i = number * BATCH + index;
    return {
      timestamp: new Date(Date.UTC(2026, 0, 1) + i * 20).toISOString(),
      category: ['auth', 'billing', 'document', 'user'][i % 4],
      action: ['created', 'updated', 'deleted', 'viewed', 'exported'][i % 5],
      actor: { id: `user-${i % 500}`, email: `user-${i % 500}@acme.test` },
      resource: { type: 'document', id: `doc-${i}` },
      metadata: {
        before: { plan: 'team', seats: i % 90 },
        after: { plan: 'enterprise', seats: i % 97 },
        note: String(i).repeat(12),
      },
      traceId: `trace-${Math.floor(i / 7)}`,
      ipAddress: `192.0.2.${i % 250}`,
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
    };
  });
  return JSON.stringify({ events });
}
