import { startExhibitProcess } from '../../testing/processes/exhibit-process.ts';
import { PERMISSIONS } from '../../server/src/tenancy/api-key.ts';
import { issueApiKey } from '../../server/src/tenancy/issue-api-key.ts';
import { provisionCompany } from '../../server/src/tenancy/sql/provision-company.ts';
import { ApiClient } from './api-client.ts';

export const INGEST_COMPANY = '0198c1de-0000-7000-8000-0000000000c2';
const WORKSPACES = Array.from(
  { length: 8 },
  (_, number) => `0198c1de-0000-7000-8000-0000000000b${number}`,
);

/** An api process with eight workspaces that receive events over HTTP. */
export interface IngestTarget extends AsyncDisposable {
  /** Sends bodies one after another to a workspace. */
  send(bodies: Iterable<string>, workspace?: number): Promise<void>;
  cpuSeconds(): number;
}

interface RegionToFill {
  readonly url: string;
  readonly owner: Parameters<typeof provisionCompany>[0];
}

export async function openIngestTarget(region: RegionToFill): Promise<IngestTarget> {
  await provisionCompany(region.owner, {
    id: INGEST_COMPANY,
    name: 'Bench',
    workspaces: WORKSPACES.map((id) => ({ id, name: 'Bench' })),
  });
  const keys: string[] = [];
  for (const workspaceId of WORKSPACES) {
    const { key } = await issueApiKey(region.owner, 'us', {
      companyId: INGEST_COMPANY,
      name: 'bench',
      workspaceId,
      permissions: PERMISSIONS,
      expiresAt: null,
    });
    keys.push(key);
  }
  const api = await startExhibitProcess('api', {
    API_PORT: '0',
    REGION_DATABASE_URLS: `us=${region.url}`,
  });
  const client = new ApiClient(api.ready);
  return {
    send: async (bodies, workspace = 0) => {
      for (const body of bodies) {
        // A single event returns 201 {id}. A batch returns the number of stored events.
        const text = await client.send('POST', '/v1/events', {
          token: keys[workspace] ?? '',
          body,
        });
        const answer = JSON.parse(text) as { id?: string; rejected?: number };
        if (answer.id === undefined && answer.rejected !== 0) throw new Error(text.slice(0, 500));
      }
    },
    cpuSeconds: () => api.cpuSeconds(),
    [Symbol.asyncDispose]: async () => {
      client[Symbol.dispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

/** The body of a batch of this many events, or of a single event, numbered from `first`. */
export function bodyOf(first: number, events: number): string {
  if (events === 1) return JSON.stringify(eventOf(first));
  return JSON.stringify({
    events: Array.from({ length: events }, (_, index) => eventOf(first + index)),
  });
}

function eventOf(i: number) {
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
}
