import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Adds `Connection: close` to every response for `seconds` before the server is closed. A server that closes an idle
 * connection immediately may lose a request that is already on its way. With the header, clients open their next
 * connection instead, to another server if the load balancer has noticed that this one is no longer ready.
 */
export async function drainConnections(server: Server, seconds: number): Promise<void> {
  server.prependListener('request', (_request, response) => {
    response.setHeader('connection', 'close');
  });
  await wait(seconds * 1000);
}
