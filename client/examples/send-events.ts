// Sends two events. Running it twice creates no duplicates.
import { createClient } from '@exhibit/client';

const client = createClient({
  baseUrl: process.env.EXHIBIT_API_URL ?? 'http://127.0.0.1:4600',
  apiKey: process.env.EXHIBIT_API_KEY ?? '',
});

const workspaceId = process.env.EXHIBIT_WORKSPACE_ID ?? '';
const { results, created, replayed } = await client.events.createBatch([
  {
    workspaceId,
    timestamp: '2026-05-14T09:30:00Z',
    category: 'auth',
    action: 'login',
    actor: { id: 'u-7', email: 'ana@acme.test' },
    idempotencyKey: 'example-login-1',
  },
  {
    workspaceId,
    timestamp: '2026-05-14T09:31:00Z',
    category: 'billing',
    action: 'plan.changed',
    metadata: { from: 'team', to: 'enterprise' },
    idempotencyKey: 'example-plan-1',
  },
]);

for (const result of results)
  if (result.status === 'rejected') console.error(`event ${result.index}: ${result.detail}`);
console.log(`${created} stored, ${replayed} already stored`);
