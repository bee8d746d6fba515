import { randomBytes } from 'node:crypto';

/** Ids follow the clock backwards only if it moves back further than this. */
const MAX_STEP_BACK_MS = 1000;
const MAX_COUNTER = 0xfff;

let lastMs = 0;
let counter = 0;

/**
 * A UUIDv7 (RFC 9562, section 6.2, method 1): 48 bits of milliseconds, a counter of 12 bits, 62 random bits. Ids that
 * one process creates within a millisecond sort in the order in which they were created, so rows of evidence do, too.
 */
export function uuidV7(nowMs = Date.now()): string {
  if (nowMs > lastMs || nowMs < lastMs - MAX_STEP_BACK_MS) {
    lastMs = nowMs;
    counter = 0;
  } else if (counter < MAX_COUNTER) {
    counter += 1;
  } else {
    lastMs += 1;
    counter = 0;
  }
  const bytes = randomBytes(16);
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
