import type { Socket } from 'node:net';
import { parseHead, type ResponseHead } from './parse-head.ts';

const MAX_HEAD_BYTES = 64 * 1024;
/** Large enough that most of a read is the kernel's work; one buffer is filled while four are sent. */
const BUFFER_BYTES = 256 * 1024;
const BUFFERS = 5;

/** Receives a piece of a body; it must call `done` when the memory may be reused. */
export type Sink = (piece: Buffer, done: () => void) => void;

/** Reads from the socket: a head, then nothing until start(), then the body. */
export class ResponseReader {
  readonly #free: Buffer[] = Array.from({ length: BUFFERS }, () =>
    Buffer.allocUnsafeSlow(BUFFER_BYTES),
  );
  readonly #onHead: (head: ResponseHead) => void;
  #head: Buffer | undefined = Buffer.alloc(0);
  /** The start of the body that arrived together with the head. */
  #early: Buffer = Buffer.alloc(0);
  #sink: Sink | undefined;
  #socket: Socket | undefined;
  #failure: Error | undefined;

  constructor(onHead: (head: ResponseHead) => void) {
    this.#onHead = onHead;
  }

  attach(socket: Socket): void {
    this.#socket = socket;
    socket.on('error', (error) => (this.#failure ??= error));
  }

  /**
   * The buffer for the next read. A TLS socket passes on everything it has decrypted, even after it was asked to stop:
   * then a new buffer is allocated.
   */
  readonly nextBuffer = (): Buffer => this.#free.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);

  /** @returns false to stop reading */
  readonly onRead = (bytes: number, view: Uint8Array): boolean => {
    const buffer = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
    const piece = buffer.subarray(0, bytes);
    if (this.#head === undefined && this.#sink !== undefined) {
      this.#sink(piece, () => {
        this.#release(buffer);
        if (this.#free.length > 0) this.#socket?.resume();
      });
      // The socket holds the last free buffer while it waits.
      return this.#free.length > 1;
    }
    // Copied, so that the buffer is free immediately.
    if (this.#head === undefined) this.#early = Buffer.concat([this.#early, piece]);
    else this.#readHead(Buffer.concat([this.#head, piece]));
    this.#release(buffer);
    return this.#head !== undefined;
  };

  #release(buffer: Buffer): void {
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
      if (end < 0 || end > MAX_HEAD_BYTES)
        throw new Error('the api sent headers that are too long');
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
    // This memory is not one of the buffers, so nothing waits for it.
    if (early.length > 0) sink(early, () => undefined);
    socket.resume();
    return promise;
  }
}
