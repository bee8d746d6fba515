// npm run soak -- [--minutes 30] [--seed 1]: long run of exports, downloads and ingest with a kill every minute.
import { parseArgs } from 'node:util';
import { startFaultWorld } from './fault-world.ts';
import { seededRandom } from './seeded-random.ts';
import { runSoak } from './soak.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
  },
});
await using world = await startFaultWorld(40_000);
const report = await runSoak(world, {
  minutes: Number(values.minutes),
  random: seededRandom(Number(values.seed)),
});
const { jobs, downloads, wholeDownloads, acknowledgedEvents, kills, memory, wrong } = report;
process.stdout.write(
  `${jobs} jobs, ${downloads} downloads at the dashboard (${wholeDownloads} complete), ${acknowledgedEvents} events acknowledged, ` +
    `kills: ${Object.entries(kills)
      .map(([victim, count]) => `${victim} ${count}`)
      .join(', ')}\n\n${memory.table()}\n\n`,
);
for (const problem of wrong) process.stdout.write(`WRONG ${problem}\n`);
process.stdout.write(`${wrong.length} problems\n`);
process.exitCode = wrong.length > 0 ? 1 : 0;
