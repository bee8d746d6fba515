import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** Property tests that can run longer than in `npm test`, and the unit of a case. */
const FUZZERS = {
  literals: ['server/src/exports/read/literals.fuzz.test.ts', 'one filter through COPY'],
  formats: ['server/src/exports/formats/formats.fuzz.test.ts', 'one event in every kind of file'],
  api: ['server/src/api/any-request.fuzz.test.ts', 'one request to the api'],
  dashboard: ['dashboard/bff/any-request.fuzz.test.ts', 'one request to the dashboard'],
  isolation: ['server/src/api/isolation.fuzz.test.ts', 'one operation in a random world'],
  people: ['dashboard/bff/isolation.fuzz.test.ts', 'one request of a person to the dashboard'],
} as const;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { cases: { type: 'string' }, seed: { type: 'string' } },
});
const [name = ''] = positionals;
if (!isFuzzer(name)) {
  process.stderr.write(`npm run fuzz -- NAME [--cases N] [--seed S]\n`);
  for (const [fuzzer, [, unit]] of Object.entries(FUZZERS))
    process.stderr.write(`  ${fuzzer.padEnd(10)} one case is ${unit}\n`);
  process.exit(2);
}
const root = resolve(import.meta.dirname, '../..');
const { status } = spawnSync(
  process.execPath,
  [
    resolve(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    FUZZERS[name][0],
    '--testTimeout=3600000',
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, FUZZ_CASES: values.cases ?? '', FUZZ_SEED: values.seed ?? '' },
  },
);
process.exitCode = status ?? 1;

function isFuzzer(name: string): name is keyof typeof FUZZERS {
  return Object.hasOwn(FUZZERS, name);
}
