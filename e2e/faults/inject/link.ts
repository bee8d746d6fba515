import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** State of the network: normal; data stalls; connections are refused; requests arrive but responses are lost. */
type LinkMode = 'open' | 'hold' | 'refuse' | 'lose responses';

/** The network between the dashboards and the apis. It is also the load balancer: it uses the next api that accepts. */
export interface Link extends AsyncDisposable {
  readonly url: string;
  set(mode: LinkMode): void;
  /** Breaks every open connection. */
  cut(): void;
}

export async function startLink(ports: readonly number[]): Promise<Link> {
  let mode: LinkMode = 'open';
  let next = 0;
  const pairs = new Set<readonly [Socket, Socket]>();

  const join = (near: Socket, far: Socket): void => {
    const pair = [near, far] as const;
    pairs.add(pair);
    near.on('data', (piece) => pass(piece, near, far));
    far.on('data', (piece) => {
      if (mode === 'lose responses') far.destroy();
      else pass(piece, far, near);
    });
    for (const [one, other] of [pair, [far, near] as const]) {
      one.on('end', () => other.end());
      one.on('error', () => undefined);
      one.on('close', () => {
        pairs.delete(pair);
        other.destroy();
      });
    }
    if (mode === 'hold') for (const socket of pair) socket.pause();
  };

  const server = createServer({ allowHalfOpen: true }, (near) => {
    near.on('error', () => undefined);
    if (mode === 'refuse') return void near.destroy();
    dial(near, ports.length);
  });

  const dial = (near: Socket, tries: number): void => {
    if (tries === 0) return void near.destroy();
    const far = connect({ host: '127.0.0.1', port: ports[next++ % ports.length] ?? 0 });
    const failed = () => dial(near, tries - 1);
    far.once('error', failed);
    far.once('connect', () => {
      far.off('error', failed);
      if (near.destroyed) far.destroy();
      else join(near, far);
    });
  };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (wanted) => {
      mode = wanted;
      for (const pair of pairs)
        for (const socket of pair) {
          if (wanted === 'hold') socket.pause();
          else socket.resume();
        }
    },
    cut: () => pairs.forEach(([near]) => near.destroy()),
    [Symbol.asyncDispose]: async () => {
      for (const [near] of pairs) near.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Forwards data with back-pressure, so that a slow reader slows down the sender. */
function pass(piece: Buffer, from: Socket, to: Socket): void {
  if (to.write(piece)) return;
  from.pause();
  to.once('drain', () => from.resume());
}
