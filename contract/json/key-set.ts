const SLOTS = 64;
/** Twice the number of keys, so that a free slot is close. */
const MAX_COUNT = SLOTS / 2;

/**
 * The keys of one JSON object so far, to find duplicates. Slicing and hashing every key as a string took half of all
 * parsing time; so a key is stored as its position in the text and a hash of its characters, and strings are created
 * only if two hashes are equal, a key has escapes (`a` is `\u0061`) or there are many keys. A sender can force the
 * slower path, but never quadratic time.
 */
export class KeySet {
  private readonly hashes = new Int32Array(SLOTS);
  private readonly starts = new Int32Array(SLOTS);
  private readonly ends = new Int32Array(SLOTS);
  /** The slots in use, the first `count` of these. */
  private readonly used = new Int32Array(MAX_COUNT);
  private count = 0;
  private strings: Set<string> | undefined;

  /** Removes all keys, so that one KeySet can be reused for the next object. */
  clear(): void {
    for (let at = 0; at < this.count; at += 1) this.hashes[this.used[at] ?? 0] = 0;
    this.count = 0;
    this.strings = undefined;
  }

  /**
   * Adds the key in `text` from `start` to `end`, which has no escapes.
   * @param hash of its characters; not 0, which marks a free slot.
   * @returns false if the key was already present.
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

  /** @returns -1 if only a comparison of strings can decide. */
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
