// npm run faults -- [--runs 200] [--seed 1] [--only "kill -9"]: runs exports under faults and checks them.
import { parseArgs } from 'node:util';
import { FAULTS } from './fault-catalogue.ts';
import { startFaultWorld } from './fault-world.ts';
import { faultTable } from './fault-table.ts';
import { type FaultRun, runFault } from './run-fault.ts';
import { seededRandom } from './seeded-random.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});
const faults = FAULTS.filter(({ name }) => name.includes(values.only));
const runs: FaultRun[] = [];
await using world = await startFaultWorld();
const seed = Number(values.seed);
for (let number = 0; number < Number(values.runs); number++) {
  const fault = faults[number % faults.length];
  if (fault === undefined) throw new Error(`unknown fault "${values.only}"`);
  const run = await runFault(world, fault, seededRandom(seed * 1_000_003 + number));
  runs.push(run);
  const outcome = run.jobs.map(({ status, attempt }) => `${status}/${attempt}`).join(' ');
  process.stdout.write(
    `${number} ${run.fault} @ ${run.stage}${run.injected ? '' : ' (not reached)'}: ${outcome}, ${(run.ms / 1000).toFixed(1)} s\n`,
  );
  for (const problem of run.wrong) process.stdout.write(`   WRONG ${problem}\n`);
}
process.stdout.write(`\n${faultTable(runs)}\n`);
process.exitCode = runs.some(({ wrong }) => wrong.length > 0) ? 1 : 0;
