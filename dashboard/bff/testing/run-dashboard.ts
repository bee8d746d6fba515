// A dashboard in a process of its own, for tests that kill it. Argument: the options of startDashboard as
// JSON. Tells its address to the process that forked it, and stops when that one lets go.
import { once } from 'node:events';
import { startDashboard } from '../start-dashboard.ts';

const dashboard = await startDashboard(
  JSON.parse(process.argv[2] ?? '{}') as Parameters<typeof startDashboard>[0],
);
process.send?.({ url: dashboard.url });
await once(process, 'disconnect');
await dashboard.stop();
