import type { FaultWorld } from './fault-world.ts';

/** Upper limit of the memory of a process under this load, in bytes, regardless of its run time. */
const MAX_BYTES = 400 * 1024 ** 2;
/** Maximum growth from the second to the last third. The first third is warm-up. */
const GROWTH = 1.25;
const MEGABYTE = 1024 ** 2;

/** Records the resident memory of every process over time. */
export class MemoryRecord {
  readonly #world: FaultWorld;
  readonly #samples = new Map<string, number[]>();

  constructor(world: FaultWorld) {
    this.#world = world;
  }

  take(): void {
    const { apis, workers, dashboards } = this.#world;
    for (const parts of [apis, workers, dashboards]) {
      for (const [at, part] of parts.entries()) {
        const bytes = part.memory();
        const name = `${part.name} ${at}${at === 0 ? ' (killed regularly)' : ''}`;
        const samples = this.#samples.get(name) ?? [];
        this.#samples.set(name, samples);
        if (bytes !== undefined) samples.push(bytes);
      }
    }
  }

  /** Returns a message for each process whose memory grew too much. */
  unbounded(): string[] {
    return [...this.#samples].flatMap(([name, samples]) => {
      const { max, second, last } = summary(samples);
      if (max > MAX_BYTES) return [`${name} used ${megabytes(max)} MB`];
      if (last <= second * GROWTH) return [];
      return [`${name} grew from ${megabytes(second)} to ${megabytes(last)} MB`];
    });
  }

  /** A Markdown table in megabytes. */
  table(): string {
    const rows = [...this.#samples].map(([name, samples]) => {
      const { first, second, last, max } = summary(samples);
      return `| ${[name, ...[first, second, last, max].map(megabytes)].join(' | ')} |`;
    });
    return [
      '| resident memory, MB | median of the first third | second | last | maximum |',
      '| --- | --- | --- | --- | --- |',
      ...rows,
    ].join('\n');
  }
}

function summary(samples: readonly number[]) {
  const third = Math.ceil(samples.length / 3);
  return {
    first: median(samples.slice(0, third)),
    second: median(samples.slice(third, 2 * third)),
    last: median(samples.slice(2 * third)),
    max: Math.max(0, ...samples),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / MEGABYTE);
}
