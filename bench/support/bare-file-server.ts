// Serves one file with plain node:http, as a reference for the speed of Node itself. Argument: the file.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

const CHUNK_BYTES = 1024 * 1024;

const [file = ''] = process.argv.slice(2);
const { size } = statSync(file);
const server = createServer((request, response) => {
  const bytes = Number(/^bytes=0-(\d+)$/.exec(request.headers.range ?? '')?.[1] ?? size - 1) + 1;
  response.writeHead(bytes < size ? 206 : 200, { 'content-length': bytes });
  const content = createReadStream(file, { highWaterMark: CHUNK_BYTES, end: bytes - 1 });
  pipeline(content, response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ ready: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
});
