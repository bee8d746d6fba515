import { once } from 'node:events';
import { connect } from 'node:net';

const READ_BYTES = 1024 * 1024;

/**
 * Downloads a URL, discards the body and returns its length. It reads into one buffer, so that the client's own cost
 * does not dominate the measurement.
 * @throws Error unless the status is 200 or 206 and the body has the announced length
 */
export async function fetchAndDrop(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  const { hostname, port, pathname, host } = new URL(url);
  let head = '';
  let body = 0;
  const socket = connect({
    host: hostname,
    port: Number(port),
    onread: {
      buffer: Buffer.allocUnsafe(READ_BYTES),
      callback: (bytes, buffer) => {
        if (head.endsWith('\r\n\r\n')) {
          body += bytes;
          return true;
        }
        const text = head + Buffer.from(buffer.buffer, buffer.byteOffset, bytes).toString('latin1');
        const end = text.indexOf('\r\n\r\n');
        head = end < 0 ? text : text.slice(0, end + 4);
        if (end >= 0) body = text.length - head.length;
        return true;
      },
    },
  });
  const lines = Object.entries({ host, connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.write(`GET ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`);
  await once(socket, 'close');
  const announced = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
  if (!/^HTTP\/1\.1 20[06]/.test(head) || body !== announced)
    throw new Error(`${url} returned ${body} bytes after: ${head}`);
  return body;
}
