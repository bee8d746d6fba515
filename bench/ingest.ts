import { alternate } from './support/alternate.ts';
import type { BenchResult } from './support/bench-result.ts';
import { createBenchRegion } from './support/bench-region.ts';
import { figuresOf, speedRatio } from './support/figures.ts';
import { bodyOf, type IngestTarget, openIngestTarget } from './support/ingest-client.ts';
import { type CopyReference, openCopyReference } from './support/ingest-reference.ts';

/** Divisor for the number of events when they are sent one by one. */
const SINGLES_PART = 0.1;
const MAX_CLIENTS = 8;

/**
 * Measures POST /v1/events over HTTP with durable commits, by one client and by eight with one workspace each, in batches
 * of 1,000 and one by one. Each is compared with COPY FROM of the same rows, batch size and number of connections.
 */
export async function bench({
  rows,
  rounds,
}: {
  rows: number;
  rounds: number;
}): Promise<BenchResult> {
  await using region = await createBenchRegion();
  await using target = await openIngestTarget(region);
  for (let workspace = 0; workspace < MAX_CLIENTS; workspace += 1)
    await target.send(bodies(0, rows / MAX_CLIENTS, 1000), workspace);
  await using reference = await openCopyReference(region, MAX_CLIENTS);
  const cpu = () => target.cpuSeconds() + region.postgres.cpuSeconds();
  const figures: Record<string, number> = { rows, rounds };
  const ratios: Record<string, number> = {};
  for (const batch of [1000, 1]) {
    for (const clients of [1, MAX_CLIENTS]) {
      const events =
        Math.round((rows * (batch === 1 ? SINGLES_PART : 1)) / clients / batch) * batch;
      const samples = await alternate(rounds, cpu, ways(target, reference, clients, events, batch));
      const name = `batch${batch}_clients${clients}`;
      for (const [figure, value] of Object.entries(figuresOf(events * clients, samples)))
        figures[`${name}_${figure}`] = value;
      ratios[name] = speedRatio(samples.ingest, [samples.copyFrom]);
      process.stdout.write(`${name}: ratio ${ratios[name]}\n`);
    }
  }
  return { name: 'ingest', figures, ratios };
}

/** Prepares bodies and rows before the measurement starts. */
function ways(
  target: IngestTarget,
  reference: CopyReference,
  clients: number,
  events: number,
  batch: number,
) {
  const made = Array.from({ length: clients }, (_, client) => [
    ...bodies(client * events, events, batch),
  ]);
  return {
    ingest: async () => {
      await Promise.all(made.map((of, client) => target.send(of, client)));
    },
    copyFrom: reference.way(clients, events, batch),
  };
}

function* bodies(first: number, events: number, batch: number): Generator<string> {
  for (let sent = 0; sent < events; sent += batch) yield bodyOf(first + sent, batch);
}
