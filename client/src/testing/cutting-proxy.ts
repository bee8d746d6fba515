import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** The fault injected into the response of one download request. */
export interface Harm {
  /** Closes both connections after this many bytes of the response, headers included. */
  readonly cutAfterBytes?: number;
  /** Changes one bit of the byte at this offset of the response. */
  readonly flipByteAt?: number;
}

export interface CuttingProxy extends AsyncDisposable {
  readonly url: string;
  /** Headers of the forwarded download requests, in order. */
  readonly downloads: readonly string[];
}

/** A TCP proxy in front of the API. It injects the n-th fault into the n-th download and none into later ones. */
export async function startCuttingProxy(
  apiUrl: string,
  harms: readonly Harm[],
): Promise<CuttingProxy> {
  const target = new URL(apiUrl);
  const downloads: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    let harm: Harm = {};
    let seen = 0;
    client.on('data', (data: Buffer) => {
      const head = data.toString('latin1');
      if (/^GET \S+\/download /.test(head)) {
        harm = harms[downloads.length] ?? {};
        seen = 0;
        downloads.push(head);
      }
      upstream.write(data);
    });
    upstream.on('data', (data: Buffer) => {
      const from = seen;
      seen += data.length;
      const { cutAfterBytes = Infinity, flipByteAt = -1 } = harm;
      if (flipByteAt >= from && flipByteAt < seen)
        data[flipByteAt - from] = (data[flipByteAt - from] ?? 0) ^ 1;
      if (seen <= cutAfterBytes) {
        passOn(data, client, upstream);
        return;
      }
      client.end(data.subarray(0, cutAfterBytes - from), () => client.destroy());
      upstream.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    downloads,
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

function passOn(data: Buffer, to: Socket, from: Socket): void {
  if (to.write(data)) return;
  from.pause();
  to.once('drain', () => from.resume());
}
