import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { PausedResponse } from './paused-response.ts';
import { ResponseReader } from './response-reader.ts';

export interface PausedRequest {
  /** `http:` or `https:` address with path and query. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Maximum time until the head of the response has arrived. */
  readonly timeoutMs: number;
}

/** Sends a GET; resolves when the head of the response has arrived. @throws Error if none arrives */
export function openPausedResponse({
  url,
  headers,
  signal,
  timeoutMs,
}: PausedRequest): Promise<PausedResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<PausedResponse>();
  const request = requestHead(url, headers);
  const reader = new ResponseReader((head) => {
    clearTimeout(timer);
    resolve(new PausedResponse(socket, reader, head));
  });
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const options = {
    host,
    port: Number(url.port === '' ? (secure ? 443 : 80) : url.port),
    // A download may pause for hours; keep-alive probes notice a machine that disappeared meanwhile.
    keepAlive: true,
    onread: { buffer: reader.nextBuffer, callback: reader.onRead },
  };
  const servername = isIP(host) === 0 ? host : '';
  const socket = secure ? connectTls({ ...options, servername }) : connect(options);
  reader.attach(socket);
  const stop = () => socket.destroy(new Error('request aborted: the client disconnected'));
  const timer = setTimeout(
    () => socket.destroy(new Error('the api took too long to answer')),
    timeoutMs,
  );
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  socket.once('error', reject);
  socket.once('close', () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    reject(new Error('the api closed the connection without an answer'));
  });
  socket.write(request);
  return promise;
}

function requestHead(url: URL, headers: Readonly<Record<string, string>>): string {
  const all = { host: url.host, connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => {
    // node:http rejects these too: a value must not become a header of its own.
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new TypeError(`${name} is not a valid header`);
    return `${name}: ${value}\r\n`;
  });
  return `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
