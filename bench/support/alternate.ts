import { median } from './median.ts';

interface Sample {
  readonly seconds: number;
  /** User and system time of the run in seconds. */
  readonly cpuSeconds: number;
}

/** The measurements of one variant. */
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

/** A variant of the work, optionally with preparations that are not measured. */
type Way =
  | (() => Promise<void>)
  | { readonly prepare: () => void; readonly run: () => Promise<void> };

/**
 * Runs every variant once to warm up, then all of them in each round, in rotating order, so that temporary disturbances
 * of the machine affect all variants.
 * @param cpu returns the processor time so far of all processes involved, in seconds
 */
export async function alternate<Name extends string>(
  rounds: number,
  cpu: () => number,
  ways: Readonly<Record<Name, Way>>,
): Promise<Record<Name, Samples>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets the names
  const names = Object.keys(ways) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, new Samples()]));
  for (let round = -1; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(turn + Math.max(round, 0)) % names.length];
      if (name === undefined) continue;
      const way: Way = ways[name];
      if (typeof way === 'object') way.prepare();
      const before = { cpu: cpu(), at: performance.now() };
      await (typeof way === 'object' ? way.run() : way());
      const seconds = (performance.now() - before.at) / 1000;
      if (round >= 0) samples[name]?.add({ seconds, cpuSeconds: cpu() - before.cpu });
    }
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same names
  return samples as Record<Name, Samples>;
}
