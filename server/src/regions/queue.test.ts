import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { createTestRegion } from '../../../testing/test-region.ts';
import { openQueue } from './queue.ts';

/** Message of PostgreSQL to every connection at shutdown: FATAL, admin_shutdown. */
const SHUTTING_DOWN = 'SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0';
const TERMINATE = 'X';

test('a queue that is stopped while PostgreSQL shuts down does not end the process', async () => {
  await using region = await createTestRegion();
  const { hostname, port } = new URL(region.url);
  let shutDown = 0;
  const proxy = createServer((near) => {
    const far = connect(Number(port), hostname);
    far.pipe(near);
    near.on('data', (bytes) => {
      if (bytes[0] !== TERMINATE.charCodeAt(0)) return void far.write(bytes);
      shutDown++;
      const head = Buffer.alloc(5);
      head.write('E');
      head.writeUInt32BE(SHUTTING_DOWN.length + 4, 1);
      near.end(Buffer.concat([head, Buffer.from(SHUTTING_DOWN)]));
    });
    near.on('error', () => undefined);
    near.on('close', () => far.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const database = new URL(region.url);
  database.port = String((proxy.address() as AddressInfo).port);
  const unheard: unknown[] = [];
  const hear = (error: unknown) => unheard.push(error);
  process.on('uncaughtException', hear);
  try {
    const queue = openQueue(database.href, 'worker');
    queue.on('error', () => undefined);
    await queue.start();
    await queue.stop({ graceful: false });
    proxy.close();
    await once(proxy, 'close');
  } finally {
    process.off('uncaughtException', hear);
  }
  expect(shutDown).toBeGreaterThan(0);
  expect(unheard).toEqual([]);
});
