import type { Act, Occurrence, Origin } from '../demo-event.ts';
import type { Random } from '../random.ts';
import type { DemoWorkspace } from '../world.ts';

/** Writes down what happens, one act after the other, seconds apart. */
export class Trail {
  readonly occurrences: Occurrence[] = [];
  readonly #random: Random;
  #atMs: number;

  constructor(startMs: number, random: Random) {
    this.#atMs = startMs;
    this.#random = random;
  }

  add(workspace: DemoWorkspace, origin: Origin, act: Act): void {
    this.occurrences.push({ atMs: this.#atMs, workspaceId: workspace.id, act, origin });
    this.wait(4, 55);
  }

  /** For a time between the two, in seconds. */
  wait(minSeconds: number, maxSeconds: number): void {
    this.#atMs += this.#random.integer(minSeconds * 1000, maxSeconds * 1000);
  }
}
