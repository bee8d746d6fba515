import type { BenchResult } from './support/bench-result.ts';
import { makeBenchEvents } from './support/bench-events.ts';
import { createBenchRegion } from './support/bench-region.ts';
import { ONE_WORKSPACE } from './support/export-stage.ts';
import { rounded } from './support/figures.ts';
import { bodyOf, openIngestTarget } from './support/ingest-client.ts';
import { median } from './support/median.ts';

/** Index names as in the migrations. */
const INDEXES = ['events_action', 'events_actor_id', 'events_actor_email', 'events_resource_id'];
const BATCH = 1000;
const CLIENTS = 4;
/** Batches per client and run. */
const SENT = 20_000;

/** Measures the cost of the indexes for rare values: ingest into `rows` events with and without them, alternating. */
export async function bench(options: { rows: number; rounds: number }): Promise<BenchResult> {
  await using region = await createBenchRegion();
  await makeBenchEvents(region.owner, { streams: ONE_WORKSPACE, rows: options.rows, days: 20 });
  await using target = await openIngestTarget(region);
  const { rows: found } = await region.owner.query<{ definition: string }>(
    'SELECT pg_get_indexdef(name::regclass) AS definition FROM unnest($1::text[]) AS name',
    [INDEXES],
  );
  const create = found.map(({ definition }) => definition.replace(' ON ONLY ', ' ON ')).join(';');
  let first = 0;
  const rate = async () => {
    const start = performance.now();
    await Promise.all(Array.from({ length: CLIENTS }, (_, client) => send(client)));
    return (SENT * CLIENTS * 1000) / (performance.now() - start);
  };
  const send = async (client: number) => {
    for (let sent = 0; sent < SENT; sent += BATCH)
      await target.send([bodyOf((first += BATCH), BATCH)], client);
  };
  const cpu = () => region.postgres.cpuSeconds();
  const rates = { with: [] as number[], without: [] as number[] };
  const cpus = { with: [] as number[], without: [] as number[] };
  const measure = async (way: 'with' | 'without') => {
    const before = cpu();
    rates[way].push(await rate());
    cpus[way].push(cpu() - before);
  };
  await rate();
  for (let round = 0; round < options.rounds; round += 1) {
    await measure('with');
    await region.owner.query(`DROP INDEX ${INDEXES.join(', ')}`);
    await measure('without');
    await region.owner.query(create);
  }
  return {
    name: 'ingest-indexes',
    figures: {
      ...options,
      indexes: INDEXES.length,
      withEventsPerSecond: Math.round(median(rates.with)),
      withoutEventsPerSecond: Math.round(median(rates.without)),
      withPostgresCpuSeconds: rounded(median(cpus.with)),
      withoutPostgresCpuSeconds: rounded(median(cpus.without)),
    },
    ratios: { withToWithout: rounded(median(rates.with) / median(rates.without)) },
  };
}
