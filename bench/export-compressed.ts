import { alternate } from './support/alternate.ts';
import type { BenchResult } from './support/bench-result.ts';
import { openExportStage, rowsOfCompany, THREE_WORKSPACES } from './support/export-stage.ts';
import { figuresOf, megabytes, rounded, speedRatio } from './support/figures.ts';

/** Compares compressed JSONL jobs with uncompressed ones of the same rows. */
export function benchOf(compression: 'gzip' | 'zstd') {
  return async (options: { rows: number; rounds: number }): Promise<BenchResult> => {
    const events = { streams: THREE_WORKSPACES, rows: options.rows, days: 3 };
    await using stage = await openExportStage(events);
    const rows = rowsOfCompany(events);
    const bytes = { plain: 0, compressed: 0 };
    const samples = await alternate(options.rounds, stage.cpu, {
      plain: async () => {
        bytes.plain = await stage.run({}, rows);
      },
      compressed: async () => {
        bytes.compressed = await stage.run({ compression }, rows);
      },
    });
    return {
      name: `export-${compression}`,
      figures: {
        ...options,
        ...figuresOf(rows, samples),
        plainMb: megabytes(bytes.plain),
        compressedMb: megabytes(bytes.compressed),
        workerPeakMemoryMb: megabytes(stage.worker.peakMemory()),
      },
      ratios: {
        compressedToPlain: speedRatio(samples.compressed, [samples.plain]),
        size: rounded(bytes.compressed / bytes.plain),
      },
    };
  };
}
