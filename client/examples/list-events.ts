// Prints the newest log-ins. Pages are fetched as needed; use `break` to stop early.
import { createClient } from '@exhibit/client';

const client = createClient({
  baseUrl: process.env.EXHIBIT_API_URL ?? 'http://127.0.0.1:4600',
  apiKey: process.env.EXHIBIT_API_KEY ?? '',
});

let shown = 0;
for await (const event of client.events.list({ category: 'auth', action: 'login' })) {
  console.log(`${event.timestamp} ${event.actor?.email ?? event.actor?.id ?? 'nobody'}`);
  shown += 1;
  if (shown === 20) break;
}
