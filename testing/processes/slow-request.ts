import { connect } from 'node:net';

const EVERY_MS = 20;

/**
 * A client that never completes its request: it sends `start` and then `drip` repeatedly, until the server closes the
 * connection.
 * @returns the response and the time in milliseconds until the connection was closed
 */
export async function sendSlowly(
  url: string,
  start: string,
  drip: string,
): Promise<{ answer: string; ms: number }> {
  const { hostname, port } = new URL(url);
  const began = performance.now();
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  // events.once() would reject if a write fails because the connection is closed.
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(start);
  const dripping = setInterval(() => socket.write(drip), EVERY_MS);
  try {
    await closed;
  } finally {
    clearInterval(dripping);
  }
  return { answer: Buffer.concat(chunks).toString('utf8'), ms: performance.now() - began };
}
