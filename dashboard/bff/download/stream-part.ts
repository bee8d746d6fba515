import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

type Failure = 'CLIENT_DISCONNECTED' | 'UPSTREAM_FAILED' | 'DOWNLOAD_TOO_LARGE';

interface Streamed {
  /** Handed to the connection. */
  readonly bytes: number;
  /** undefined: every byte was handed to a connection that was intact to the end. */
  readonly failure: Failure | undefined;
}

/**
 * Pipes an answer of the api to the browser with back-pressure and counts; no more than `most` bytes, whatever
 * the api said before. Never rejects. A failure cuts the connection, so that the browser sees it.
 * Counted by a listener beside the pipe: a Transform between the two would handle every chunk once more.
 */
export async function streamPart(
  upstream: IncomingMessage,
  response: ServerResponse,
  most: number,
): Promise<Streamed> {
  let bytes = 0;
  // One side breaking takes the other along: what was first is the cause.
  let cause = brokenBefore(upstream, response);
  // 'aborted' comes before the pipe takes the response down, 'error' after it.
  for (const event of ['aborted', 'error'])
    upstream.once(event, () => (cause ??= 'UPSTREAM_FAILED'));
  response.once('close', () => (cause ??= 'CLIENT_DISCONNECTED'));
  upstream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= most) return;
    cause ??= 'DOWNLOAD_TOO_LARGE';
    response.destroy();
  });
  try {
    await pipeline(upstream, response);
    return { bytes, failure: undefined };
  } catch {
    response.destroy();
    return { bytes, failure: cause ?? 'CLIENT_DISCONNECTED' };
  }
}

/** Either side may have gone while the evidence was being written; what it said then nobody heard. */
function brokenBefore(upstream: IncomingMessage, response: ServerResponse): Failure | undefined {
  if (response.destroyed) return 'CLIENT_DISCONNECTED';
  return upstream.destroyed && !upstream.complete ? 'UPSTREAM_FAILED' : undefined;
}
