import type { Samples } from './alternate.ts';

/** Rows per second and processor seconds of each variant. Values that could not be measured are omitted. */
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

/** Speed relative to the fastest of the others. */
export function speedRatio(of: Samples, others: readonly Samples[]): number {
  return rounded(Math.min(...others.map(({ seconds }) => seconds)) / of.seconds);
}

export function rounded(value: number): number {
  return Number(value.toFixed(2));
}

export function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
