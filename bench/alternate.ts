import { median } from './median.ts';

interface Sample {
  readonly seconds: number;
  /** User and system time that the run took, as the meter has it. */
  readonly cpuSeconds: number;
}

/** What one way of doing the work took. */
export class Samples {
  readonly #samples: Sample[] = [];

  add(sample: Sample): void {
    this.#samples.push(sample);
  }

  get seconds(): number {
    return median(this.#samples.map(({ seconds }) => seconds));
  }

  get cpuSeconds(): number {
    return median(this.#samples.map(({ cpuSeconds }) => cpuSeconds));
  }
}

/**
 * Runs every way once for warmth, then all of them in each round, beginning with another one each time: what
 * disturbs the machine for a while disturbs all.
 * @param cpu processor time so far of all processes that can have worked, seconds
 */
export async function alternate<Way extends string>(
  rounds: number,
  cpu: () => number,
  ways: Readonly<Record<Way, () => Promise<void>>>,
): Promise<Record<Way, Samples>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets the names
  const names = Object.keys(ways) as Way[];
  const samples = Object.fromEntries(names.map((name) => [name, new Samples()]));
  for (let round = -1; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(turn + Math.max(round, 0)) % names.length];
      if (name === undefined) continue;
      const before = { cpu: cpu(), at: performance.now() };
      await ways[name]();
      const seconds = (performance.now() - before.at) / 1000;
      if (round >= 0) samples[name]?.add({ seconds, cpuSeconds: cpu() - before.cpu });
    }
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same names
  return samples as Record<Way, Samples>;
}
