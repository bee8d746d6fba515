import { hash } from 'node:crypto';

const scratch = Buffer.alloc(32);

/**
 * Repeatable randomness: the same seed gives the same numbers everywhere. The generator is sfc32
 * (Chris Doty-Humphrey's PractRand), 32-bit integers only, so no platform's floating point matters.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  /** @param seed any text; texts that differ in one character give unrelated numbers. */
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

  /** A whole number, both ends included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1));
  }

  /** A whole number, both ends included, small ones much likelier: sizes, pauses, popularity. */
  small(min: number, max: number): number {
    const x = this.fraction();
    return min + Math.floor(x * x * x * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of `items`, none of which may be undefined. @throws RangeError when there are none. */
  pick<T extends NonNullable<unknown> | null>(items: readonly T[]): T {
    const picked = items[this.integer(0, items.length - 1)];
    if (picked === undefined) throw new RangeError('nothing to pick from');
    return picked;
  }

  /** One of `items`, each as likely as its weight; at least one weight must be above zero. */
  weighted<T>(items: readonly T[], weightOf: (item: T) => number): T {
    let total = 0;
    for (const item of items) total += weightOf(item);
    let left = this.fraction() * total;
    for (const item of items) {
      left -= weightOf(item);
      if (left < 0) return item;
    }
    throw new RangeError('no weight above zero');
  }

  /** Lower-case hexadecimal digits: an even number of them, at most 64. */
  hex(length: number): string {
    for (let at = 0; at * 2 < length; at += 4) scratch.writeUInt32BE(this.uint32(), at);
    return scratch.toString('hex', 0, length / 2);
  }

  /** What an audited system may say about a file, so that a copy can be compared with it later. */
  integrity(): { algorithm: 'sha256'; hash: string } {
    return { algorithm: 'sha256', hash: this.hex(64) };
  }
}
