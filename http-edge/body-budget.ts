import { EdgeProblem } from './edge-problem.ts';

const RETRY_AFTER_SECONDS = 1;

/** The bytes of one body that count against the budget. */
export interface BodyCharge {
  readonly owner: string;
  bytes: number;
}

/**
 * Memory for the bodies of all requests together, counted in bytes that have arrived. An owner (a company) may hold as
 * much as is left for all others: a single owner gets at most half of the budget, two owners a third each. No owner can
 * use up the budget, however many connections it opens.
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

  /** @throws EdgeProblem SERVER_BUSY if the owner's share or the budget has no room for the bytes */
  charge(body: BodyCharge, bytes: number): void {
    const owned = (this.#owners.get(body.owner) ?? 0) + bytes;
    const held = this.#held + bytes;
    // While no other body is held, a body may be as large as its route allows, up to the whole budget.
    const isOnlyBody = owned === body.bytes + bytes && held === owned;
    if (held > this.#maxBytes || (owned > this.#maxBytes - held && !isOnlyBody)) throw busy();
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

function busy(): EdgeProblem {
  return new EdgeProblem(
    'SERVER_BUSY',
    'The server is at capacity for request bodies. Try again shortly, or send smaller bodies.',
    { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } },
  );
}
