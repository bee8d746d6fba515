import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * Sends raw bytes, for requests that no HTTP client sends, and reads one response until the server closes the
 * connection. The request must contain `Connection: close` or make the server close the connection.
 */
export async function sendRaw(url: string, request: string | Buffer): Promise<Response> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  // A server that rejects the request before reading all of it resets the connection after its response.
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  socket.write(request);
  await closed;
  return parseAnswer(Buffer.concat(chunks).toString('utf8'));
}

function parseAnswer(text: string): Response {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) throw new Error(`not an HTTP response: ${JSON.stringify(text.slice(0, 200))}`);
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return new Response(text.slice(end + 4), { status: Number(statusLine.split(' ')[1]), headers });
}
