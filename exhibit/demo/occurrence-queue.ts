import type { Occurrence } from './demo-event.ts';

/** Occurrences by time, the earliest first; of the same millisecond, the one added first. A binary heap. */
export class OccurrenceQueue {
  readonly #heap: { readonly occurrence: Occurrence; readonly order: number }[] = [];
  #added = 0;

  /** How many were ever added. */
  get added(): number {
    return this.#added;
  }

  add(occurrence: Occurrence): void {
    const heap = this.#heap;
    heap.push({ occurrence, order: this.#added++ });
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** Takes out, in order, everything that happens before `endMs`. */
  *takeBefore(endMs: number): Generator<Occurrence> {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.occurrence.atMs >= endMs) return;
      this.#removeFirst();
      yield first.occurrence;
    }
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    let at = 0;
    for (;;) {
      let min = at;
      for (const child of [at * 2 + 1, at * 2 + 2]) {
        if (child < heap.length && this.#isBefore(child, min)) min = child;
      }
      if (min === at) return;
      this.#swap(at, min);
      at = min;
    }
  }

  #isBefore(left: number, right: number): boolean {
    const a = this.#heap[left];
    const b = this.#heap[right];
    if (a === undefined || b === undefined) return false;
    const differenceMs = a.occurrence.atMs - b.occurrence.atMs;
    return differenceMs === 0 ? a.order < b.order : differenceMs < 0;
  }

  #swap(left: number, right: number): void {
    const heap = this.#heap;
    const a = heap[left];
    const b = heap[right];
    if (a === undefined || b === undefined) return;
    heap[left] = b;
    heap[right] = a;
  }
}
