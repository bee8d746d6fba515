/** Bytes of a block. */
export const BLOCK_BYTES = 256 * 1024;

/** What the process keeps for the next export: 8 MiB. */
const MAX_FREE_BUFFERS = 32;

const free: Buffer[] = [];

/** Memory for file content, one that was given back or a new one. */
export function acquireBuffer(): Buffer {
  return free.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
}

/** The block is written over by whoever takes it next: nobody may be reading it any more. */
export function releaseBuffer(block: Buffer): void {
  if (free.length < MAX_FREE_BUFFERS) free.push(block);
}
