import { Socket } from 'node:net';

/** Receives bytes that are valid only until it returns: the next read overwrites them. */
export type ReadInterceptor = (bytes: Buffer) => void;

// One buffer for all sockets of the thread. On Unix a read is delivered before the next one starts; Windows reads
// ahead.
const READ_BYTES = 256 * 1024;
const LENDS = process.platform !== 'win32';
let readBuffer: Buffer | undefined;

const takers = new WeakMap<Socket, { take: ReadInterceptor | undefined }>();

/**
 * A socket for pg whose reads allocate no memory while `interceptReads` is active. Otherwise it emits 'data' like any
 * socket.
 */
export function openPooledReadSocket(): Socket {
  if (!LENDS) return new Socket();
  readBuffer ??= Buffer.allocUnsafeSlow(READ_BYTES);
  const taker: { take: ReadInterceptor | undefined } = { take: undefined };
  const socket = new Socket({
    onread: {
      buffer: readBuffer,
      callback: (length, buffer) => {
        const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, length);
        if (taker.take === undefined) socket.emit('data', Buffer.from(bytes));
        else taker.take(bytes);
        return true;
      },
    },
  });
  takers.set(socket, taker);
  return socket;
}

/**
 * Passes the reads of the socket to `take` instead of its 'data' listeners until the returned function is called.
 * Works with any socket: for others, each read has its own memory.
 */
export function interceptReads(socket: Socket, take: ReadInterceptor): () => void {
  const taker = takers.get(socket);
  if (taker === undefined) return interceptDataEvents(socket, take);
  taker.take = take;
  return () => {
    taker.take = undefined;
  };
}

function interceptDataEvents(socket: Socket, take: ReadInterceptor): () => void {
  // EventEmitter's types do not show what its listeners take.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const listeners = socket.listeners('data') as ((bytes: Buffer) => void)[];
  for (const listener of listeners) socket.removeListener('data', listener);
  socket.on('data', take);
  return () => {
    socket.removeListener('data', take);
    for (const listener of listeners) socket.on('data', listener);
  };
}
