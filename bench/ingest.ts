import type { BenchResult } from './bench.ts';
import { createBenchRegion } from './bench-region.ts';
import { BATCH, batch, openIngestTarget } from './ingest-client.ts';
import { median } from './median.ts';

const CLIENTS = 2;

/** POST /v1/events in batches of 1000 over HTTP by two clients, durable commits; events a second, median of rounds. */
export async function bench(options: { rows: number; rounds: number }): Promise<BenchResult> {
  await using region = await createBenchRegion();
  await using target = await openIngestTarget(region);
  const bodies = Array.from({ length: Math.ceil(options.rows / BATCH) }, (_, index) =>
    batch(index),
  );
  const rates: number[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const start = performance.now();
    const parts = Array.from({ length: CLIENTS }, (_, client) =>
      bodies.filter((_, index) => index % CLIENTS === client),
    );
    await Promise.all(parts.map((part) => target.send(part)));
    rates.push((bodies.length * BATCH * 1000) / (performance.now() - start));
  }
  const eventsPerSecond = Math.round(median(rates));
  return {
    name: 'ingest',
    figures: { rows: bodies.length * BATCH, batch: BATCH, clients: CLIENTS, eventsPerSecond },
    ratios: {},
  };
}
