import { parseArgs } from 'node:util';

/** What a bench measured; the last line of its output, as JSON. */
export interface BenchResult {
  readonly name: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
}

const BENCHES = {
  download: () => import('./download.ts'),
  'web-app': () => import('./web-app.ts'),
  export: () => import('./export.ts'),
  ingest: () => import('./ingest.ts'),
  'ingest-during-export': () => import('./ingest-during-export.ts'),
} as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
  },
});
const [name = ''] = positionals;
if (!isBench(name)) {
  process.stderr.write(
    `usage: npm run bench -- NAME [--rows N] [--rounds N] [--json]\nNAME is one of: ${Object.keys(BENCHES).join(', ')}\n`,
  );
  process.exit(2);
}
const { bench } = await BENCHES[name]();
const result = await bench({ rows: Number(values.rows), rounds: Number(values.rounds) });
if (!values.json) {
  for (const [figure, value] of Object.entries({ ...result.figures, ...result.ratios }))
    process.stdout.write(`${figure.padEnd(32)} ${value}\n`);
}
process.stdout.write(`${JSON.stringify(result)}\n`);

function isBench(text: string): text is keyof typeof BENCHES {
  return Object.hasOwn(BENCHES, text);
}
