import { lowestEventId } from '../server/src/event-id.ts';
import { alternate } from './support/alternate.ts';
import type { BenchResult } from './support/bench-result.ts';
import { EVENTS_START_MS } from './support/bench-events.ts';
import { openExportStage } from './support/export-stage.ts';
import { figuresOf, megabytes, rounded, speedRatio } from './support/figures.ts';
import { referenceCopies } from './support/reference-copy.ts';
import { DAYS, LARGE, TENANTS } from './support/tenants.ts';

const DAY_MS = 86_400_000;
// A category of four, an action of five, six days of thirty: one event in a hundred.
const FROM_MS = EVENTS_START_MS + 12 * DAY_MS;
const TO_MS = EVENTS_START_MS + 18 * DAY_MS;
const FILTERS = {
  version: 1,
  categories: ['billing'],
  actions: ['exported'],
  from: new Date(FROM_MS).toISOString(),
  to: new Date(TO_MS).toISOString(),
} as const;
const SELECT =
  `SELECT line FROM events WHERE company_id = '${LARGE}' AND category = 'billing' AND action = 'exported' ` +
  `AND id >= '${lowestEventId(FROM_MS * 1000)}' AND id < '${lowestEventId(TO_MS * 1000)}' ORDER BY id`;

/** Compares JSONL jobs of one event in a hundred, by category, action and range, with COPY of the same SELECT. */
export async function bench(options: { rows: number; rounds: number }): Promise<BenchResult> {
  await using stage = await openExportStage({
    streams: TENANTS,
    rows: options.rows,
    days: DAYS,
  });
  const { rows: counted } = await stage.region.owner.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (${SELECT}) matching`,
  );
  const rows = counted[0]?.count ?? 0;
  const samples = await alternate(options.rounds, stage.cpu, {
    ...(await referenceCopies(stage.region, SELECT)),
    export: async () => {
      await stage.run({ filters: FILTERS }, rows);
    },
  });
  const { export: ours, ...references } = samples;
  return {
    name: 'export-filtered',
    figures: {
      ...options,
      matching: rows,
      ...figuresOf(rows, samples),
      exportSeconds: rounded(ours.seconds),
      workerPeakMemoryMb: megabytes(stage.worker.peakMemory()),
    },
    ratios: { exportToBetterCopy: speedRatio(ours, Object.values(references)) },
  };
}
