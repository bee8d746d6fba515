import { randomFillSync } from 'node:crypto';

const RANDOM_BYTES = 8;
/** Random bytes for 512 ids at a time: one call into the generator costs as much as many ids. */
const pool = Buffer.alloc(512 * RANDOM_BYTES);
let poolUsed = pool.length;

/**
 * A new event id: a UUIDv7 (RFC 9562, section 6.2, method 3) of the event's own time in lower case.
 * 48 bits of milliseconds, version, the microseconds within the millisecond scaled to the 12 bits of
 * rand_a, variant, 62 random bits. Ids therefore sort by event time, to the microsecond.
 *
 * @param micros whole microseconds since the epoch.
 */
export function createEventId(micros: number): string {
  if (poolUsed === pool.length) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  const at = poolUsed;
  poolUsed += RANDOM_BYTES;
  pool[at] = ((pool[at] ?? 0) & 0x3f) | 0x80;
  const random = pool.toString('hex', at, at + RANDOM_BYTES);
  return `${timePart(micros)}-${random.slice(0, 4)}-${random.slice(4)}`;
}

/** The smallest id an event of this instant can have: time ≥ t exactly when id ≥ lowestEventId(t). */
export function lowestEventId(micros: number): string {
  return `${timePart(micros)}-8000-000000000000`;
}

/** The event time an id made by {@link createEventId} holds, in microseconds since the epoch. */
export function microsOfEventId(id: string): number {
  const millis = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  const scaled = Number.parseInt(id.slice(15, 18), 16);
  // scaled = floor(µs × 4.096), so µs − 0.25 < scaled ÷ 4.096 ≤ µs: rounding up is the exact inverse.
  return millis * 1000 + Math.ceil((scaled * 1000) / 4096);
}

function timePart(micros: number): string {
  if (!Number.isSafeInteger(micros) || micros < 0) {
    throw new RangeError(`not whole microseconds since the epoch: ${micros}`);
  }
  // One more than fits, so that zeros in front are written out.
  const millis = (Math.floor(micros / 1000) + 2 ** 48).toString(16);
  const scaled = (Math.floor(((micros % 1000) * 4096) / 1000) + 0x7000).toString(16);
  return `${millis.slice(1, 9)}-${millis.slice(9)}-${scaled}`;
}
