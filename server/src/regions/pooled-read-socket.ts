import { Socket } from 'node:net';

/** Gets bytes that are its own only until it returns: the next read overwrites them. */
export type ReadInterceptor = (bytes: Buffer) => void;

// One for all sockets of the thread. On Unix a read is handed on before any other begins; Windows reads ahead.
const READ_BYTES = 256 * 1024;
const LENDS = process.platform !== 'win32';
let readBuffer: Buffer | undefined;

const takers = new WeakMap<Socket, { take: ReadInterceptor | undefined }>();

/**
 * A socket for pg whose reads make no garbage while somebody takes them (`interceptReads`). Otherwise it emits 'data',
 * as any socket does.
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
 * From now on `take` gets what the socket reads, in place of its 'data' listeners, until the function that is
 * returned is called. Any socket will do: of one that does not lend, each read is memory of its own.
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
