import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import type { World } from './world.ts';

/** Chooses from a list with a number that fast-check generated. */
export class RandomChoice {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  number(below: number): number {
    const number = this.#numbers[this.#at % this.#numbers.length] ?? 0;
    this.#at += 1;
    return number % below;
  }

  of<Item>(items: readonly Item[]): Item | undefined {
    return items.length === 0 ? undefined : items[this.number(items.length)];
  }

  some<Item>(items: readonly Item[]): Item[] {
    return items.filter(() => this.number(2) === 0);
  }

  /** Workspaces for a request: mostly the caller's own, sometimes any others. */
  named(own: readonly string[], world: World): readonly string[] | undefined {
    const kind = this.number(6);
    if (kind === 0) return undefined;
    const all = world.companies.flatMap(({ workspaceIds }) => workspaceIds);
    const some = this.some(kind < 4 ? own : all);
    return some.length > 0
      ? some
      : [this.of(kind < 4 && own.length > 0 ? own : all) ?? randomUUID()];
  }

  /** An id of an existing item of any company, rarely an unknown id. */
  id(things: readonly { readonly id: string }[]): string {
    return this.number(12) === 0 ? randomUUID() : (this.of(things)?.id ?? randomUUID());
  }
}

export const randomChoice = fc.array(fc.nat(0xffff), { minLength: 12, maxLength: 12 });
