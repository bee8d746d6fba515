import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** The previous port of the cluster if it is free, so that noted URLs keep working; else a free port. */
export async function choosePort(portFile: string): Promise<number> {
  const previous = Number(await readFile(portFile, 'utf8').catch(() => ''));
  if (previous > 0 && (await isPortFree(previous))) return previous;
  return listenOnce(0);
}

export async function isPortFree(port: number): Promise<boolean> {
  try {
    await listenOnce(port);
    return true;
  } catch {
    return false;
  }
}

async function listenOnce(port: number): Promise<number> {
  const server = createServer().listen(port, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  // A string would be the path of a socket file, null a server that does not listen.
  return typeof address === 'object' && address ? address.port : port;
}
