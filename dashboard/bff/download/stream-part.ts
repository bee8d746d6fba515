import type { ServerResponse } from 'node:http';
import type { PausedResponse } from '../upstream/http-client/paused-response.ts';
import { watchReceipt } from './client-receipt.ts';

type Failure = 'CLIENT_DISCONNECTED' | 'UPSTREAM_FAILED' | 'DOWNLOAD_TOO_LARGE';

interface Streamed {
  /** Bytes written to the connection. If the download failed, the client may have received fewer. */
  readonly bytes: number;
  /** undefined: every byte was sent, and the client closed the connection normally or acknowledged every byte. */
  readonly failure: Failure | undefined;
}

/**
 * Streams a response of the api to the browser with back-pressure. It fails unless exactly `length` bytes are sent.
 * Resolves when it is known whether the client received them. Never rejects. A failure closes the connection, so that
 * the browser notices it.
 */
export async function streamPart(
  upstream: PausedResponse,
  response: ServerResponse,
  length: number,
): Promise<Streamed> {
  let bytes = 0;
  // A failure of one side closes the other one too; the first failure is the cause.
  let cause: Failure | undefined;
  const closed = Promise.withResolvers<void>();
  const receipt = watchReceipt(response);
  const onClose = () => {
    if (!response.writableFinished) cause ??= 'CLIENT_DISCONNECTED';
    upstream.destroy();
    closed.resolve();
  };
  if (response.destroyed) onClose();
  else response.once('close', onClose);
  // Every error is followed by 'close'.
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
  if (cause === undefined && (await receipt()) === 'lost') cause = 'CLIENT_DISCONNECTED';
  return { bytes, failure: cause };
}
