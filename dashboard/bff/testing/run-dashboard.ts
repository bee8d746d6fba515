// Runs a dashboard in a separate process, for tests that kill it. The argument contains the options of startDashboard
// as JSON. The process sends its address to its parent and stops when the parent disconnects.
import { once } from 'node:events';
import { startDashboard } from '../start-dashboard.ts';

const dashboard = await startDashboard(
  JSON.parse(process.argv[2] ?? '{}') as Parameters<typeof startDashboard>[0],
);
process.send?.({ url: dashboard.url });
await once(process, 'disconnect');
await dashboard.stop();
