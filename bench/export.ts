import { alternate } from './support/alternate.ts';
import type { BenchResult } from './support/bench-result.ts';
import type { BenchEvents } from './support/bench-events.ts';
import {
  exportingCompany,
  ONE_WORKSPACE,
  openExportStage,
  rowsOfCompany,
  THREE_WORKSPACES,
} from './support/export-stage.ts';
import { figuresOf, megabytes, speedRatio } from './support/figures.ts';
import { referenceCopies } from './support/reference-copy.ts';

const DAYS = 3;

/**
 * Compares JSONL jobs, from creation to success (hashed, synced to disk), of one workspace with `rows` events, then of a
 * company with three workspaces, with COPY of the same SELECT in the same order.
 */
export async function bench(options: { rows: number; rounds: number }): Promise<BenchResult> {
  const one = await measure(ONE_WORKSPACE, options);
  const three = await measure(THREE_WORKSPACES, options);
  const named = (prefix: string, values: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}_${name}`, value]));
  return {
    name: 'export',
    figures: { ...options, ...named('one', one.figures), ...named('three', three.figures) },
    ratios: { oneToBetterCopy: one.ratio, threeToBetterCopy: three.ratio },
  };
}

async function measure(
  streams: BenchEvents['streams'],
  { rows, rounds }: { rows: number; rounds: number },
): Promise<{ figures: Record<string, number>; ratio: number }> {
  const events = { streams, rows, days: DAYS };
  await using stage = await openExportStage(events);
  const expected = rowsOfCompany(events);
  const select = `SELECT line FROM events WHERE company_id = '${exportingCompany(streams)}' ORDER BY id`;
  const samples = await alternate(rounds, stage.cpu, {
    ...(await referenceCopies(stage.region, select)),
    export: async () => {
      await stage.run({}, expected);
    },
  });
  const { export: ours, ...references } = samples;
  return {
    figures: {
      ...figuresOf(expected, samples),
      workerPeakMemoryMb: megabytes(stage.worker.peakMemory()),
    },
    ratio: speedRatio(ours, Object.values(references)),
  };
}
