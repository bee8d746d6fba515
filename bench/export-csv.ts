import { alternate } from './support/alternate.ts';
import type { BenchResult } from './support/bench-result.ts';
import {
  exportingCompany,
  openExportStage,
  rowsOfCompany,
  THREE_WORKSPACES,
} from './support/export-stage.ts';
import { figuresOf, megabytes, speedRatio } from './support/figures.ts';
import { referenceCopies } from './support/reference-copy.ts';

// The columns of the file without the formula guard.
const SELECT =
  `SELECT id, "timestamp", workspace_id, project_id, category, action, actor_id, actor_email, actor_role,
  resource_type, resource_id, metadata, array_to_json(tags)::text, trace_id, ip_address, geo, user_agent
  FROM events WHERE company_id = '${exportingCompany(THREE_WORKSPACES)}' ORDER BY id`.replaceAll(
    /\s+/g,
    ' ',
  );

/** Compares CSV jobs with the formula guard, from creation to success, with COPY of the same columns as plain CSV. */
export async function bench(options: { rows: number; rounds: number }): Promise<BenchResult> {
  const events = { streams: THREE_WORKSPACES, rows: options.rows, days: 3 };
  await using stage = await openExportStage(events);
  const rows = rowsOfCompany(events);
  const samples = await alternate(options.rounds, stage.cpu, {
    ...(await referenceCopies(stage.region, SELECT, 'FORMAT csv')),
    export: async () => {
      await stage.run({ format: 'CSV' }, rows);
    },
  });
  const { export: ours, ...references } = samples;
  return {
    name: 'export-csv',
    figures: {
      ...options,
      ...figuresOf(rows, samples),
      workerPeakMemoryMb: megabytes(stage.worker.peakMemory()),
    },
    ratios: { exportToBetterCopy: speedRatio(ours, Object.values(references)) },
  };
}
