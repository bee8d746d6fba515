import { parseArgs } from 'node:util';
import type { BenchResult } from './support/bench-result.ts';

interface Bench {
  readonly bench: (options: { rows: number; rounds: number }) => Promise<BenchResult>;
}

/** All benches with their default number of rows. */
const BENCHES: Readonly<Record<string, { rows: number; load: () => Promise<Bench> }>> = {
  export: { rows: 2_000_000, load: () => import('./export.ts') },
  'export-csv': { rows: 2_000_000, load: () => import('./export-csv.ts') },
  'export-zstd': { rows: 2_000_000, load: () => compressed('zstd') },
  'export-gzip': { rows: 2_000_000, load: () => compressed('gzip') },
  'export-filtered': { rows: 10_000_000, load: () => import('./export-filtered.ts') },
  memory: { rows: 10_000_000, load: () => import('./memory.ts') },
  latency: { rows: 1_000_000, load: () => import('./latency.ts') },
  explorer: { rows: 10_000_000, load: () => import('./explorer.ts') },
  ingest: { rows: 100_000, load: () => import('./ingest.ts') },
  'ingest-indexes': { rows: 500_000, load: () => import('./ingest-indexes.ts') },
  'ingest-during-export': { rows: 400_000, load: () => import('./ingest-during-export.ts') },
  concurrent: { rows: 2_084_000, load: () => import('./concurrent.ts') },
  download: { rows: 2_000_000, load: () => import('./download.ts') },
  burst: { rows: 100_000, load: () => import('./burst.ts') },
  neighbour: { rows: 300_000, load: () => import('./neighbour.ts') },
  'web-app': { rows: 1_000_000, load: () => import('./web-app.ts') },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rows: { type: 'string' },
    rounds: { type: 'string', default: '3' },
  },
});
const [name = ''] = positionals;
const chosen = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (chosen === undefined) {
  process.stderr.write(
    `usage: npm run bench -- NAME [--rows N] [--rounds N] [--json]\nNAME is one of: ${Object.keys(BENCHES).join(', ')}\n`,
  );
  process.exit(2);
}
const { bench } = await chosen.load();
const rows = Number(values.rows ?? chosen.rows);
const result = await bench({ rows, rounds: Number(values.rounds) });
if (!values.json) {
  for (const [figure, value] of Object.entries({ ...result.figures, ...result.ratios }))
    process.stdout.write(`${figure.padEnd(32)} ${value}\n`);
}
process.stdout.write(`${JSON.stringify(result)}\n`);

async function compressed(compression: 'gzip' | 'zstd'): Promise<Bench> {
  const { benchOf } = await import('./export-compressed.ts');
  return { bench: benchOf(compression) };
}
