import { randomFillSync } from 'node:crypto';
import { nextArrival } from './events/ingest/arrival-order.ts';

const RANDOM_BYTES = 4;
/** Random bytes for 1,024 ids at a time: one call into the generator costs as much as many ids. */
const pool = Buffer.alloc(1024 * RANDOM_BYTES);
let poolUsed = pool.length;

/**
 * Creates an event id: a UUIDv7 (RFC 9562, section 6.2, methods 1 and 3) of the event's own time, in lower case.
 *
 * | bits | content |
 * | --- | --- |
 * | 48 | milliseconds since the epoch |
 * | 4 | version 7 |
 * | 12 | rand_a: the microseconds within the millisecond, scaled to 12 bits |
 * | 2 | variant |
 * | 10 | the nanoseconds within the microsecond |
 * | 24 | arrival order among events of the same time ({@link nextArrival}) |
 * | 28 | random |
 *
 * Ids therefore sort by event time to the nanosecond, and events of the same time sort in the order in which this
 * process received them. Ids created before this layout have 62 random bits after the variant; they remain valid,
 * because ranges of time are compared by the bits up to rand_a only.
 *
 * @param micros whole microseconds since the epoch
 * @param nanos nanoseconds within that microsecond, 0 to 999
 */
export function createEventId(micros: number, nanos = 0): string {
  const time = timePart(micros);
  const arrival = nextArrival(micros);
  const high = 0x8000 | (nanos << 4) | (arrival >>> 20);
  // One more than fits, so that leading zeros are written out.
  const low = ((arrival & 0xf_ffff) + 0x10_0000).toString(16).slice(1);
  const random = ((randomBits() & 0xfff_ffff) + 0x1000_0000).toString(16).slice(1);
  return `${time}-${high.toString(16)}-${low}${random}`;
}

function randomBits(): number {
  if (poolUsed === pool.length) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  const bits = pool.readUInt32LE(poolUsed);
  poolUsed += RANDOM_BYTES;
  return bits;
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
  // One more than fits, so that leading zeros are written out.
  const millis = (Math.floor(micros / 1000) + 2 ** 48).toString(16);
  const scaled = (Math.floor(((micros % 1000) * 4096) / 1000) + 0x7000).toString(16);
  return `${millis.slice(1, 9)}-${millis.slice(9)}-${scaled}`;
}
