// Runs a dashboard in a separate process that quickly settles intents after a crash. DASHBOARD_OPTIONS contains the
// options of startDashboard as JSON. It serves no pages: fault runs use its /api.
import { startDashboard } from '../../dashboard/bff/start-dashboard.ts';
import { drainConnections } from '../../exhibit/commands/drain-connections.ts';
import { waitForShutdownSignal } from '../../exhibit/commands/wait-for-shutdown-signal.ts';

const options = JSON.parse(process.env['DASHBOARD_OPTIONS'] ?? '{}') as Parameters<
  typeof startDashboard
>[0];
const dashboard = await startDashboard({
  ...options,
  times: {
    heartbeatMs: 500,
    reconcileMs: 500,
    outboxMs: 500,
    provisionMs: 5_000,
    deadAfterMs: 4_000,
    // As in production: longer than a call and the query that may follow it.
    callAfterMs: 11_000,
  },
  apiTimeoutMs: 5_000,
});
process.send?.({ ready: dashboard.url });
await waitForShutdownSignal();
dashboard.announceStop();
await drainConnections(dashboard.server, 1);
await dashboard.stop();
