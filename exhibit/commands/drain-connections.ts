import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Makes every answer from now on the last of its connection, for a while, before the server is closed. A server
 * that closes an idle connection at once races with the next request on it, which nobody answers then; told so
 * by `Connection: close`, clients open their next connection, to another server where a load balancer has seen
 * that this one is no longer ready.
 */
export async function drainConnections(server: Server, seconds: number): Promise<void> {
  server.prependListener('request', (_request, response) => {
    response.setHeader('connection', 'close');
  });
  await wait(seconds * 1000);
}
