import type { components, operations } from './generated/openapi.ts';
import { everyItem, type Page, queryParameters } from './pagination.ts';
import type { CallOptions, Transport } from './transport.ts';

/** An event to store. Set an `idempotencyKey` on each: only then is a call retried if its outcome is unknown. */
export type NewEvent = components['schemas']['NewEventInput'];
/** A stored event after parsing. Numbers beyond 2^53 lose digits unless `parseJson` preserves them. */
export type StoredEvent = components['schemas']['Event'];
export type BatchResult = components['schemas']['EventBatchResult'];

type ListParameters = NonNullable<operations['listEvents']['parameters']['query']>;

/** Filters and page size of a list. Each filter accepts one value or several. */
export type EventListQuery = Omit<ListParameters, 'cursor' | 'metadata'> & {
  readonly metadata?: EventQuery['metadata'];
};
/** The filters of an export. */
export type EventQuery = NonNullable<components['schemas']['NewExportInput']['filters']>;

export interface LineBatchOptions extends CallOptions {
  /** Set to true if every line has an `idempotencyKey`, so that the batch can be retried without duplicates. */
  readonly idempotent: boolean;
}

const COMMA = 0x2c;
const OPENING = new TextEncoder().encode('{"events":[');
const CLOSING = new TextEncoder().encode(']}');

/** Stores and lists audit events. */
export class EventsClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Stores one event and returns its id, also if the event was stored before.
   * @throws ExhibitError, with IDEMPOTENCY_CONFLICT if the key was used for another event
   */
  async create(event: NewEvent, options: CallOptions = {}): Promise<{ id: string }> {
    const idempotent = event.idempotencyKey !== undefined;
    return this.#post(JSON.stringify(event), { ...options, idempotent });
  }

  /** Stores up to 1000 events and returns one result for each. A rejected event does not throw. */
  async createBatch(events: readonly NewEvent[], options: CallOptions = {}): Promise<BatchResult> {
    const idempotent = events.every((event) => event.idempotencyKey !== undefined);
    return this.#post(JSON.stringify({ events }), { ...options, idempotent });
  }

  /** Like `createBatch`, for events that are JSON texts. They are sent byte for byte, so numbers keep every digit. */
  async createBatchFromLines(
    lines: readonly Uint8Array[],
    options: LineBatchOptions,
  ): Promise<BatchResult> {
    return this.#post(joinLines(lines), options);
  }

  /** Yields matching events, newest first. Pages are fetched as needed. */
  list(query: EventListQuery = {}, options: CallOptions = {}): AsyncGenerator<StoredEvent> {
    return everyItem((cursor) => this.page(query, { ...options, cursor }));
  }

  async page(
    query: EventListQuery = {},
    { cursor, signal }: CallOptions & { readonly cursor?: string | undefined } = {},
  ): Promise<Page<StoredEvent>> {
    return this.#transport.json({
      method: 'GET',
      path: '/v1/events',
      query: queryParameters({ ...query, cursor }),
      idempotent: true,
      signal,
    });
  }

  async #post<Answer>(
    body: string | Uint8Array<ArrayBuffer>,
    { idempotent, signal }: LineBatchOptions,
  ): Promise<Answer> {
    return this.#transport.json({ method: 'POST', path: '/v1/events', body, idempotent, signal });
  }
}

function joinLines(lines: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const separators = Math.max(0, lines.length - 1);
  const bytes = lines.reduce((sum, line) => sum + line.length, separators);
  const body = new Uint8Array(OPENING.length + bytes + CLOSING.length);
  body.set(OPENING);
  let at = OPENING.length;
  for (const [index, line] of lines.entries()) {
    if (index > 0) body[at++] = COMMA;
    body.set(line, at);
    at += line.length;
  }
  body.set(CLOSING, at);
  return body;
}
