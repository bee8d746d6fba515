import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface FakeApi extends AsyncDisposable {
  readonly url: string;
}

/** A small HTTP server whose responses are defined by the test. */
export async function startFakeApi(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<FakeApi> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
