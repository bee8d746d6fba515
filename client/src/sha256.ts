import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** A SHA-256 that takes its input in pieces. WebCrypto has none: its digest() wants the whole file in memory. */
export interface Sha256 {
  update(bytes: Uint8Array): void;
  /** Lower-case hex; nothing may be added afterwards. */
  digestHex(): string;
}

/** In plain JavaScript, for any runtime. */
export function createSha256(): Sha256 {
  const hash = sha256.create();
  return {
    update: (bytes) => void hash.update(bytes),
    digestHex: () => bytesToHex(hash.digest()),
  };
}
