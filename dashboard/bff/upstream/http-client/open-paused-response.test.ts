import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import {
  createServer as createTlsServer,
  getCACertificates,
  setDefaultCACertificates,
} from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { LOCALHOST } from '../../testing/localhost-certificate.ts';
import { openPausedResponse } from './open-paused-response.ts';
import type { PausedResponse } from './paused-response.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server[Symbol.asyncDispose]();
});

/** Sends a request to a server that answers as the test says. */
async function ask(
  answer: (socket: Socket) => unknown,
  { signal = new AbortController().signal, tls = false } = {},
) {
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  };
  const server = tls ? createTlsServer(LOCALHOST, accept) : createServer(accept);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  });
  const { port } = server.address() as AddressInfo;
  const url = new URL(`${tls ? 'https://localhost' : 'http://127.0.0.1'}:${port}/x?y=1`);
  return openPausedResponse({
    url,
    headers: { authorization: 'Bearer x' },
    signal,
    timeoutMs: 500,
  });
}

async function bodyOf(held: PausedResponse): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await held.readTo((piece, done) => {
    // Like a slow connection: the buffer is used for a while, and must not change during that time.
    setImmediate(() => {
      pieces.push(Buffer.from(piece));
      done();
    });
  });
  return Buffer.concat(pieces);
}

test('a body is read byte for byte, wherever the stream is split', async () => {
  const body = randomBytes(5_000_000);
  const head = `HTTP/1.1 206 Partial Content\r\nContent-Length: ${body.length}\r\nETag: "a:b"\r\nX:\r\n\r\n`;
  for (const cut of [1, 20, head.length - 2, head.length, head.length + 3]) {
    const whole = Buffer.concat([Buffer.from(head), body]);
    const held = await ask((socket) => {
      socket.setNoDelay(true);
      socket.write(whole.subarray(0, cut), () =>
        setImmediate(() => socket.end(whole.subarray(cut))),
      );
    });
    expect(held.statusCode).toBe(206);
    expect(held.headers).toEqual({ 'content-length': String(body.length), etag: '"a:b"', x: '' });
    expect((await bodyOf(held)).equals(body)).toBe(true);
  }
});

test('a body over TLS is read byte for byte, although TLS does not stop reading immediately', async () => {
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, LOCALHOST.cert]);
  try {
    const body = randomBytes(5_000_000);
    const held = await ask(
      (socket) => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
        socket.end(body);
      },
      { tls: true },
    );
    expect((await bodyOf(held)).equals(body)).toBe(true);
  } finally {
    setDefaultCACertificates(trusted);
  }
});

test('a slow client stops the read at the api after four buffers', async () => {
  let sent = 0;
  const held = await ask((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const block = Buffer.alloc(1024 * 1024);
    const more = (): void => {
      sent += 1;
      if (sent < 200) socket.write(block, more);
      else socket.end();
    };
    more();
  });
  const waiting: (() => void)[] = [];
  let pieces = 0;
  const read = held.readTo((_piece, done) => {
    pieces += 1;
    waiting.push(done);
  });
  // The bytes that arrived with the head have their own memory, so there may be five pieces.
  await expect.poll(() => waiting.length).toBeGreaterThanOrEqual(4);
  expect(waiting.length).toBeLessThanOrEqual(5);
  for (const done of waiting.splice(0)) done();
  await expect.poll(() => waiting.length).toBe(4);
  expect(pieces).toBeLessThanOrEqual(9);
  // At most the kernel's buffers were filled: most of the 200 MB was not sent.
  expect(sent).toBeLessThan(60);
  held.destroy();
  await read;
});

test('an ambiguous or malformed response is rejected', async () => {
  for (const head of [
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked',
    'HTTP/1.1 200 OK\r\nno header',
    'HTTP/1.1 200 OK\r\nbad name: 1',
    'HTTP/1.0 200 OK',
    'HTTP/1.1 101 Switching Protocols',
    'SSH-2.0-OpenSSH',
    `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(70_000)}`,
  ]) {
    const said = await ask((socket) => socket.write(`${head}\r\n\r\n{}`)).then(
      () => 'accepted',
      String,
    );
    expect(said, head.slice(0, 50)).toContain('the api sent');
  }
});

test('a chunked error is read as text, up to the given size', async () => {
  const chunked =
    'HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n';
  expect(await (await ask((socket) => socket.end(chunked))).text(1_000)).toBe('{"a":1}');
  // The server does not close the connection: the Content-Length is enough.
  const plain = 'HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\n\r\n{}';
  expect(await (await ask((socket) => socket.write(plain))).text(1_000)).toBe('{}');
  const endless = `HTTP/1.1 409 Conflict\r\n\r\n${'x'.repeat(2_000)}`;
  expect(await (await ask((socket) => socket.write(endless))).text(1_000)).toMatch(/^x+$/);
});

test('a missing response, a broken response and an abort are errors', async () => {
  await expect(ask(() => undefined)).rejects.toThrow('too long');
  await expect(ask((socket) => socket.end('HTTP/1.1 200 OK\r\n'))).rejects.toThrow(
    'without an answer',
  );
  const gone = new AbortController();
  await expect(ask(() => gone.abort(), { signal: gone.signal })).rejects.toThrow(
    'client disconnected',
  );
  const cut = await ask((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345', () =>
      socket.resetAndDestroy(),
    );
  });
  await expect(bodyOf(cut)).rejects.toThrow('ECONNRESET');
});

test('a request header value cannot add another header', () => {
  const signal = new AbortController().signal;
  const headers = { range: 'bytes=0-1\r\nauthorization: Bearer other' };
  expect(() =>
    openPausedResponse({ url: new URL('http://127.0.0.1:9'), headers, signal, timeoutMs: 500 }),
  ).toThrow('not a valid header');
});
