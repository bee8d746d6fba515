import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** An incremental SHA-256. WebCrypto has none: its digest() needs the whole file in memory. */
export interface Sha256 {
  update(bytes: Uint8Array): void;
  /** Returns lower-case hex. Do not call update() afterwards. */
  digestHex(): string;
}

/** A pure JavaScript implementation that works in any runtime. */
export function createSha256(): Sha256 {
  const hash = sha256.create();
  return {
    update: (bytes) => void hash.update(bytes),
    digestHex: () => bytesToHex(hash.digest()),
  };
}
