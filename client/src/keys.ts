import type { components } from './generated/openapi.ts';
import type { CallOptions, Transport } from './transport.ts';

export type KeyStatus = components['schemas']['KeyStatus'];

/** The calling API key. */
export class KeysClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Returns the scope, permissions and status of the key. */
  async status({ signal }: CallOptions = {}): Promise<KeyStatus> {
    return this.#transport.json({
      method: 'GET',
      path: '/v1/keys/status',
      idempotent: true,
      signal,
    });
  }
}
