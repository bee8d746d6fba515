import type { Samples } from './alternate.ts';

/** Rows a second and processor seconds of each way; what could not be measured is left out. */
export function figuresOf(
  rows: number,
  ways: Readonly<Record<string, Samples>>,
): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const [name, samples] of Object.entries(ways)) {
    figures[`${name}RowsPerSecond`] = Math.round(rows / samples.seconds);
    if (Number.isFinite(samples.cpuSeconds))
      figures[`${name}CpuSeconds`] = rounded(samples.cpuSeconds);
  }
  return figures;
}

/** How many times faster than the fastest of the others. */
export function speedRatio(of: Samples, others: readonly Samples[]): number {
  return rounded(Math.min(...others.map(({ seconds }) => seconds)) / of.seconds);
}

export function rounded(value: number): number {
  return Number(value.toFixed(2));
}

export function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
