import type { ServerResponse } from 'node:http';
import type { PausedResponse } from '../upstream/http-client/paused-response.ts';
import { watchReceipt } from './client-receipt.ts';

type Failure = 'CLIENT_DISCONNECTED' | 'UPSTREAM_FAILED' | 'DOWNLOAD_TOO_LARGE';

interface Streamed {
  /** Handed to the connection, which may not have delivered all of them when the download failed. */
  readonly bytes: number;
  /** undefined: every byte was sent, and the client closed the connection in order or left none unacknowledged. */
  readonly failure: Failure | undefined;
}

/**
 * Sends an answer of the api to the browser with back-pressure and counts the bytes: exactly `length` of them, or it
 * has failed. Resolves when it is known whether the client took them. Never rejects. A failure cuts the connection, so
 * that the browser sees it.
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
