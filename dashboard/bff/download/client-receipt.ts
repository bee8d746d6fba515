import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** If the client is silent for this long, check how many bytes it has not acknowledged. */
const CHECK_EVERY_MS = 30_000;

/** received: the client has every byte. lost: the client reset the connection or no longer acknowledges bytes. */
export type Receipt = 'received' | 'lost';

/**
 * Watches whether the client receives the bytes that the kernel still holds. Writing the last byte to the kernel proves
 * little, because it buffers megabytes for each connection. So the dashboard closes the connection after the response.
 * The client then closes its end: with a FIN if it has read everything, with a reset if bytes were unread or had not
 * arrived. Behind a proxy the client is the proxy.
 *
 * Call it before the response ends. The response needs `Connection: close`.
 */
export function watchReceipt(
  response: ServerResponse,
  checkEveryMs: number = CHECK_EVERY_MS,
): () => Promise<Receipt> {
  const { socket } = response;
  if (socket === null) return async () => 'lost';
  const closed = Promise.withResolvers<Receipt>();
  let ended = false;
  let failed = false;
  socket.once('end', () => {
    ended = true;
  });
  socket.once('error', () => {
    failed = true;
  });
  socket.once('close', (hadError) =>
    closed.resolve(ended && !failed && !hadError ? 'received' : 'lost'),
  );
  // node:http would destroy the socket as soon as the kernel has the last byte, and a reset would go unnoticed.
  socket.destroySoon = () => void socket.end();
  return () => decide(socket, closed.promise, checkEveryMs);
}

async function decide(
  socket: Socket,
  closed: Promise<Receipt>,
  checkEveryMs: number,
): Promise<Receipt> {
  let before = Number.POSITIVE_INFINITY;
  for (;;) {
    const receipt = await Promise.race([closed, after(checkEveryMs)]);
    if (receipt !== undefined) return receipt;
    const unacknowledged = await countUnacknowledged(socket);
    if (unacknowledged > 0 && unacknowledged < before) {
      before = unacknowledged;
      continue;
    }
    socket.destroy();
    return unacknowledged === 0 ? 'received' : 'lost';
  }
}

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ms).unref();
  });
}

/**
 * Counts the bytes that the client's machine has not acknowledged. Node has no API for this, but Linux lists it as
 * tx_queue. On other systems the result is 0, so a download is never recorded as lost for this reason.
 */
async function countUnacknowledged({ localPort, remotePort }: Socket): Promise<number> {
  const ports = [localPort, remotePort].map((port) =>
    (port ?? 0).toString(16).toUpperCase().padStart(4, '0'),
  );
  let max = 0;
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const table = await readFile(file, 'latin1').catch(() => '');
    for (const line of table.split('\n')) {
      const [, local, remote, , queues] = line.trim().split(/\s+/);
      if (local?.split(':')[1] !== ports[0] || remote?.split(':')[1] !== ports[1]) continue;
      max = Math.max(max, Number.parseInt(queues?.split(':')[0] ?? '0', 16) || 0);
    }
  }
  // The FIN that closes our side counts as one.
  return max <= 1 ? 0 : max;
}
