import { hash } from 'node:crypto';

const scratch = Buffer.alloc(32);

/**
 * A reproducible random generator: the same seed gives the same numbers on every platform. It implements sfc32
 * (Chris Doty-Humphrey's PractRand), which uses only 32-bit integers.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  constructor(seed: string) {
    const digest = hash('sha256', seed, 'buffer');
    this.#a = digest.readInt32LE(0);
    this.#b = digest.readInt32LE(4);
    this.#c = digest.readInt32LE(8);
    this.#counter = digest.readInt32LE(12);
  }

  /** 0 ≤ n < 2^32 */
  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** 0 ≤ x < 1 */
  fraction(): number {
    return this.uint32() / 4_294_967_296;
  }

  /** A whole number from `min` to `max`, both inclusive. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1));
  }

  /** Like `integer`, but small numbers are much more likely: for sizes, pauses and popularity. */
  small(min: number, max: number): number {
    return min + Math.floor(this.fraction() ** 3 * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** @throws RangeError if `items` is empty */
  pick<T extends NonNullable<unknown> | null>(items: readonly T[]): T {
    const picked = items[this.integer(0, items.length - 1)];
    if (picked === undefined) throw new RangeError('nothing to pick from');
    return picked;
  }

  /** Picks one of `items` with a probability proportional to its weight. */
  weighted<T>(items: readonly T[], weightOf: (item: T) => number): T {
    let left = this.fraction() * items.reduce((sum, item) => sum + weightOf(item), 0);
    for (const item of items) {
      left -= weightOf(item);
      if (left < 0) return item;
    }
    throw new RangeError('no weight above zero');
  }

  /** Lower-case hexadecimal digits; an even number of at most 64. */
  hex(length: number): string {
    for (let at = 0; at * 2 < length; at += 4) scratch.writeUInt32BE(this.uint32(), at);
    return scratch.toString('hex', 0, length / 2);
  }

  /** The digest of a file, as an audited system may report it. */
  integrity(): { algorithm: 'sha256'; hash: string } {
    return { algorithm: 'sha256', hash: this.hex(64) };
  }
}
