import type { components } from './generated/openapi.ts';
import type { CallOptions, Transport } from './transport.ts';

export type KeyStatus = components['schemas']['KeyStatus'];

/** The calling API key. */
export class KeysClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** What the key is and may do. */
  async status({ signal }: CallOptions = {}): Promise<KeyStatus> {
    return this.#transport.json({
      method: 'GET',
      path: '/v1/keys/status',
      idempotent: true,
      signal,
    });
  }
}
