import { connect } from 'node:net';

const EVERY_MS = 20;

/**
 * A client that never finishes: sends `start`, then `drip` again and again, until the server hangs up.
 * @returns what the server said, and after how many milliseconds it ended the connection
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
  // Not events.once: that rejects when a write meets the closed connection.
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
