import type { Random } from './random.ts';

interface StoredDocument {
  /** Milliseconds since the epoch; it must not be used before. */
  readonly sinceMs: number;
}

/** Things that come and go in a workspace: documents, API keys, webhooks. */
export class DocumentStore<T extends StoredDocument> {
  readonly #items: T[];

  constructor(items: readonly T[]) {
    this.#items = [...items];
  }

  get size(): number {
    return this.#items.length;
  }

  add(item: T): void {
    this.#items.push(item);
  }

  remove(item: T): void {
    const at = this.#items.indexOf(item);
    if (at !== -1) this.#items.splice(at, 1);
  }

  /** Something that is there at this time; a few are much more popular than the rest. */
  pickAt(atMs: number, random: Random): T | undefined {
    for (let attempt = 0; attempt < 8; attempt++) {
      const item = this.#items[random.small(0, this.#items.length - 1)];
      if (item !== undefined && item.sinceMs <= atMs) return item;
    }
    return this.#items.find((item) => item.sinceMs <= atMs);
  }
}
