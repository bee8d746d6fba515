const SLOTS = 64;
/** Half full, so that a free slot is near. */
const MAX_COUNT = SLOTS / 2;

/**
 * The keys of one JSON object so far, to find duplicates. Slicing and hashing every key as a string
 * took half of all parsing time; so a key is held as its place in the text and a hash of its
 * characters, and strings are made only when two hashes agree, a key has escapes (`a` is `\u0061`)
 * or there are many keys. A sender can force the slower way, never a quadratic one.
 */
export class KeySet {
  private readonly hashes = new Int32Array(SLOTS);
  private readonly starts = new Int32Array(SLOTS);
  private readonly ends = new Int32Array(SLOTS);
  /** The slots in use, the first `count` of these. */
  private readonly used = new Int32Array(MAX_COUNT);
  private count = 0;
  private strings: Set<string> | undefined;

  /** Forgets all keys: one KeySet serves object after object. */
  clear(): void {
    for (let at = 0; at < this.count; at += 1) this.hashes[this.used[at] ?? 0] = 0;
    this.count = 0;
    this.strings = undefined;
  }

  /**
   * Adds the key that lies in `text` from `start` to `end`, without escapes.
   * @param hash of its characters; not 0, which marks a free slot.
   * @returns false when the key was there already.
   */
  addSpan(text: string, start: number, end: number, hash: number): boolean {
    const slot = this.freeSlot(hash);
    if (slot < 0) return this.addString(text, text.slice(start, end));
    this.hashes[slot] = hash;
    this.starts[slot] = start;
    this.ends[slot] = end;
    this.used[this.count++] = slot;
    return true;
  }

  /** Adds a decoded key; `text` is what the keys added so far lie in. @returns as `addSpan`. */
  addString(text: string, key: string): boolean {
    this.strings ??= this.spill(text);
    const before = this.strings.size;
    return this.strings.add(key).size > before;
  }

  /** @returns -1 when only strings can tell. */
  private freeSlot(hash: number): number {
    if (this.strings !== undefined || this.count === MAX_COUNT) return -1;
    let slot = hash & (SLOTS - 1);
    for (let held = this.hashes[slot]; held !== 0; held = this.hashes[slot]) {
      if (held === hash) return -1;
      slot = (slot + 1) & (SLOTS - 1);
    }
    return slot;
  }

  private spill(text: string): Set<string> {
    const strings = new Set<string>();
    for (const slot of this.used.subarray(0, this.count)) {
      strings.add(text.slice(this.starts[slot], this.ends[slot]));
    }
    return strings;
  }
}
