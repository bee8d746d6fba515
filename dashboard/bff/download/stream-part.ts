import type { ServerResponse } from 'node:http';
import type { PausedResponse } from '../upstream/paused-response.ts';

type Failure = 'CLIENT_DISCONNECTED' | 'UPSTREAM_FAILED' | 'DOWNLOAD_TOO_LARGE';

interface Streamed {
  /** Handed to the connection. */
  readonly bytes: number;
  /** undefined: every byte was handed to a connection that was intact to the end. */
  readonly failure: Failure | undefined;
}

/**
 * Hands an answer of the api to the browser with back-pressure and counts; exactly `length` bytes, or it has
 * failed. Never rejects. A failure cuts the connection, so that the browser sees it.
 */
export async function streamPart(
  upstream: PausedResponse,
  response: ServerResponse,
  length: number,
): Promise<Streamed> {
  let bytes = 0;
  // One side breaking takes the other along: what was first is the cause.
  let cause: Failure | undefined;
  const closed = Promise.withResolvers<void>();
  const onClose = () => {
    if (!response.writableFinished) cause ??= 'CLIENT_DISCONNECTED';
    upstream.destroy();
    closed.resolve();
  };
  if (response.destroyed) onClose();
  else response.once('close', onClose);
  // Whatever it is, 'close' follows.
  response.on('error', () => undefined);
  await upstream
    .readTo((piece, done) => {
      bytes += piece.length;
      if (bytes > length) cause ??= 'DOWNLOAD_TOO_LARGE';
      if (cause !== undefined) response.destroy();
      else if (bytes === length) response.end(piece, done);
      else response.write(piece, done);
    })
    .catch(() => undefined);
  if (bytes < length) {
    cause ??= 'UPSTREAM_FAILED';
    response.destroy();
  } else if (length === 0) {
    response.end();
  }
  await closed.promise;
  return { bytes, failure: cause };
}
