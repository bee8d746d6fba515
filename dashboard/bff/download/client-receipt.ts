import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** After this long without a sign of the client, the kernel is asked whether bytes are still unacknowledged. */
const CHECK_EVERY_MS = 30_000;

/** received: nothing is outstanding. lost: the client reset the connection, or has stopped taking bytes. */
export type Receipt = 'received' | 'lost';

/**
 * Watches whether the client takes the bytes that the kernel still holds. Handing the last byte to the kernel says little: it
 * buffers megabytes for each connection. So the connection is closed after the answer, and the client closes it in
 * turn: in order (FIN) when it has read everything, with a reset when bytes were unread or had not arrived.
 * Behind a proxy the client is the proxy.
 *
 * Call it before the answer ends; needs `Connection: close`.
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
  // node:http would destroy the socket as soon as the kernel has the last byte, and then a reset goes unseen.
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
 * Bytes that the client's machine has not acknowledged. Node cannot ask a socket for it, Linux lists it as tx_queue.
 * Other systems report 0, so a download there is never recorded as lost for this reason.
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
