import { Problem } from '../errors.ts';

const RETRY_AFTER_SECONDS = 1;
/** Largest body of POST /v1/events. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;
export const DEFAULT_BODY_BUDGET_BYTES = 4 * MAX_BODY_BYTES;

/** Bytes of one body that count against the budget. */
export interface BodyCharge {
  readonly owner: string;
  bytes: number;
}

/**
 * Memory that the bodies of all requests may take together, counted in bytes that have arrived. An owner (a
 * company) may hold as much as is left for everyone else: one owner gets at most half of the budget, two a
 * third each. So no owner can use it up, however many sockets it opens.
 */
export class BodyBudget {
  readonly #maxBytes: number;
  readonly #owners = new Map<string, number>();
  #held = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get heldBytes(): number {
    return this.#held;
  }

  /** @throws Problem SERVER_BUSY when the owner's share or the budget has no room for the bytes */
  charge(body: BodyCharge, bytes: number): void {
    const owned = (this.#owners.get(body.owner) ?? 0) + bytes;
    const held = this.#held + bytes;
    // The only body of its owner may be as large as its route allows, while it fits at all.
    const isIdle = owned === body.bytes + bytes && held === owned;
    if (held > this.#maxBytes || (owned > this.#maxBytes - held && !isIdle)) throw busy();
    this.#owners.set(body.owner, owned);
    this.#held = held;
    body.bytes += bytes;
  }

  release(body: BodyCharge): void {
    const left = (this.#owners.get(body.owner) ?? 0) - body.bytes;
    if (left > 0) this.#owners.set(body.owner, left);
    else this.#owners.delete(body.owner);
    this.#held -= body.bytes;
    body.bytes = 0;
  }
}

function busy(): Problem {
  return new Problem(
    'SERVER_BUSY',
    'The server holds as much of your data as it can read at once. Try again shortly, or send smaller bodies.',
    { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } },
  );
}
