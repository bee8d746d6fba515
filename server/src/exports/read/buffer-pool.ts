/** Bytes of a buffer. */
export const BLOCK_BYTES = 256 * 1024;

/** Buffers that the process keeps for the next export: 8 MiB. */
const MAX_FREE_BUFFERS = 32;

const free: Buffer[] = [];

/** A buffer for file content: a released one, or a new one. */
export function acquireBuffer(): Buffer {
  return free.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
}

/** Returns a buffer to the pool. The next owner overwrites it, so no reader may still use it. */
export function releaseBuffer(block: Buffer): void {
  if (free.length < MAX_FREE_BUFFERS) free.push(block);
}
