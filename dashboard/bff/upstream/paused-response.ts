import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

const MAX_HEAD_BYTES = 64 * 1024;
/** Large enough that a read is mostly the kernel's work; one is filled while four are sent. */
const BUFFER_BYTES = 256 * 1024;
const BUFFERS = 5;

/** Takes over a piece of a body; it must call `done` when the memory may be used again. */
export type Sink = (piece: Buffer, done: () => void) => void;

export interface PausedRequest {
  /** `http:` or `https:` address with path and query. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** For the answer to begin. */
  readonly timeoutMs: number;
}

/**
 * The answer to a GET whose body stays in the kernel until it is asked for, and then passes through five
 * buffers of our own. For downloads: node:http makes two objects and 64 KiB of garbage for every read, which
 * cost three quarters of the time and 100 MB (docs/evidence/performance.md).
 */
export class PausedResponse {
  readonly statusCode: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly #socket: Socket;
  readonly #reader: Reader;

  constructor(socket: Socket, reader: Reader, head: Head) {
    this.#socket = socket;
    this.#reader = reader;
    this.statusCode = head.statusCode;
    this.headers = head.headers;
  }

  /** Hands the body over until the connection ends; rejects when it breaks. Stop it by destroy(). */
  readTo(sink: Sink): Promise<void> {
    return this.#reader.start(sink);
  }

  /** A small body as text; at most `most` bytes of it are looked at. */
  async text(max: number): Promise<string> {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const length = Number(this.headers['content-length'] ?? Number.POSITIVE_INFINITY);
    await this.readTo((piece, done) => {
      pieces.push(Buffer.from(piece));
      bytes += piece.length;
      done();
      if (bytes >= Math.min(length, max)) this.destroy();
    });
    const body = Buffer.concat(pieces);
    return (this.headers['transfer-encoding'] === 'chunked' ? joinChunks(body) : body).toString(
      'utf8',
    );
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** The content of a chunked body, as far as it has come. */
function joinChunks(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf('\r\n', at);
    const length = Number.parseInt(body.toString('latin1', at, Math.max(lineEnd, at)), 16);
    if (!(length > 0)) break;
    chunks.push(body.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
  return Buffer.concat(chunks);
}

/** Sends a GET; resolves when the head of its answer has come. @throws Error when none does */
export function openPausedResponse({
  url,
  headers,
  signal,
  timeoutMs,
}: PausedRequest): Promise<PausedResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<PausedResponse>();
  const request = requestHead(url, headers);
  const reader = new Reader((head) => {
    clearTimeout(timer);
    resolve(new PausedResponse(socket, reader, head));
  });
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const options = {
    host,
    port: Number(url.port === '' ? (secure ? 443 : 80) : url.port),
    // A download may wait for hours; a machine that went away meanwhile must be noticed.
    keepAlive: true,
    onread: { buffer: reader.nextBuffer, callback: reader.onRead },
  };
  const servername = isIP(host) === 0 ? host : '';
  const socket = secure ? connectTls({ ...options, servername }) : connect(options);
  reader.attach(socket);
  const stop = () => socket.destroy(new Error('nobody waits for the answer any more'));
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
    // What node:http would refuse, too: a value must not become a header of its own.
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new TypeError(`${name} is no header value`);
    return `${name}: ${value}\r\n`;
  });
  return `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

interface Head {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** Without the spaces and tabs around it: trim() takes more for blank, such as U+00A0. */
function trimBlanks(text: string): string {
  const isBlank = (at: number) => text[at] === ' ' || text[at] === '\t';
  let [start, end] = [0, text.length];
  while (start < end && isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return text.slice(start, end);
}

/** @throws Error when it is not the head of one HTTP/1.1 answer that can be read in one way only */
function parseHead(text: string): Head {
  const [first = '', ...lines] = text.split('\r\n');
  const statusCode = Number(/^HTTP\/1\.1 (\d{3})(?: |$)/.exec(first)?.[1]);
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const key = line.slice(0, Math.max(colon, 0)).toLowerCase();
    const value = trimBlanks(line.slice(colon + 1));
    if (!TOKEN.test(key) || /[\r\n]/.test(value) || (key === 'content-length' && key in headers))
      throw new Error('the api sent headers that are not valid');
    headers[key] ??= value;
  }
  if (!(statusCode >= 200) || ('transfer-encoding' in headers && 'content-length' in headers))
    throw new Error('the api sent an answer that cannot be handed through');
  return { statusCode, headers };
}

/** What arrives on the socket: a head, then nothing until start(), then the body. */
class Reader {
  readonly #free: Buffer[] = Array.from({ length: BUFFERS }, () =>
    Buffer.allocUnsafeSlow(BUFFER_BYTES),
  );
  readonly #onHead: (head: Head) => void;
  #head: Buffer | undefined = Buffer.alloc(0);
  #early: Buffer = Buffer.alloc(0);
  #sink: Sink | undefined;
  #socket: Socket | undefined;
  #failure: Error | undefined;

  constructor(onHead: (head: Head) => void) {
    this.#onHead = onHead;
  }

  attach(socket: Socket): void {
    this.#socket = socket;
    socket.on('error', (error) => (this.#failure ??= error));
  }

  /** What the next read goes into. TLS hands on all it has decrypted, also when asked to stop: then a new one. */
  readonly nextBuffer = (): Buffer => this.#free.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);

  /** @returns false to stop reading */
  readonly onRead = (bytes: number, view: Uint8Array): boolean => {
    const buffer = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
    const piece = buffer.subarray(0, bytes);
    if (this.#head === undefined && this.#sink !== undefined) {
      this.#sink(piece, () => {
        this.#giveBack(buffer);
        if (this.#free.length > 0) this.#socket?.resume();
      });
      // The last one is what the socket will hold while it waits.
      return this.#free.length > 1;
    }
    // Copied, so that the buffer is free at once.
    if (this.#head === undefined) this.#early = Buffer.concat([this.#early, piece]);
    else this.#readHead(Buffer.concat([this.#head, piece]));
    this.#giveBack(buffer);
    return this.#head !== undefined;
  };

  #giveBack(buffer: Buffer): void {
    if (this.#free.length < BUFFERS) this.#free.push(buffer);
  }

  #readHead(all: Buffer): void {
    const end = all.indexOf('\r\n\r\n');
    if (end < 0 && all.length <= MAX_HEAD_BYTES) {
      this.#head = all;
      return;
    }
    this.#head = undefined;
    this.#early = all.subarray(end + 4);
    try {
      if (end < 0 || end > MAX_HEAD_BYTES) throw new Error('the api sent a head that is too long');
      this.#onHead(parseHead(all.toString('latin1', 0, end)));
    } catch (error) {
      this.#socket?.destroy(error instanceof Error ? error : undefined);
    }
  }

  start(sink: Sink): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = this.#socket;
    if (socket === undefined) throw new Error('not connected');
    const ended = () => (this.#failure === undefined ? resolve() : reject(this.#failure));
    if (socket.closed) {
      ended();
      return promise;
    }
    socket.once('close', ended);
    this.#sink = sink;
    const early = this.#early;
    this.#early = Buffer.alloc(0);
    // Memory of its own: nothing waits for it.
    if (early.length > 0) sink(early, () => undefined);
    socket.resume();
    return promise;
  }
}
