import type { FastifyPluginAsync } from 'fastify';
import type { ApiDeps } from '../api-deps.ts';
import { admitDashboard } from './caller.ts';
import { eventHistogramRoute } from './events/event-histogram.ts';
import { filterOptionsRoute } from './events/filter-options.ts';
import { getEventRoute } from './events/get-event.ts';
import { listEventsRoute } from './events/list-events.ts';
import { cancelExportRoute } from './exports/cancel-export.ts';
import { capabilitiesRoute } from './exports/capabilities.ts';
import { createExportRoute } from './exports/create-export.ts';
import { deleteFileRoute } from './exports/delete-file.ts';
import { downloadExportRoute } from './exports/download-export.ts';
import { estimateExportRoute } from './exports/estimate-export.ts';
import { getExportRoute } from './exports/get-export.ts';
import { listExportsRoute } from './exports/list-exports.ts';
import { rerunExportRoute } from './exports/rerun-export.ts';
import { runTemplateRoute } from './exports/run-template.ts';
import { exportUsageRoute } from './exports/usage.ts';
import { createKeyRoute } from './keys/create-key.ts';
import { listKeysRoute } from './keys/list-keys.ts';
import { revokeKeyRoute } from './keys/revoke-key.ts';
import { createPresetRoute } from './presets/create-preset.ts';
import { deletePresetRoute } from './presets/delete-preset.ts';
import { getPresetRoute } from './presets/get-preset.ts';
import { listPresetsRoute } from './presets/list-presets.ts';
import { TEMPLATE_ROUTES, VIEW_ROUTES } from './presets/preset-routes.ts';
import { runViewRoute } from './presets/run-view.ts';
import { updatePresetRoute } from './presets/update-preset.ts';
import { ackOutboxRoute } from './system/ack-outbox.ts';
import { provisionCompanyRoute } from './system/provision-company.ts';
import { readOutboxRoute } from './system/read-outbox.ts';

/** The private API of the dashboard, one file a route; docs/internals/dashboard-api.md describes it. */
export function dashboard(deps: ApiDeps): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', (request) => admitDashboard(deps, request));
    listEventsRoute(app, deps);
    getEventRoute(app, deps);
    filterOptionsRoute(app, deps);
    eventHistogramRoute(app, deps);
    for (const routes of [VIEW_ROUTES, TEMPLATE_ROUTES]) {
      listPresetsRoute(app, deps, routes);
      createPresetRoute(app, deps, routes);
      getPresetRoute(app, deps, routes);
      updatePresetRoute(app, deps, routes);
      deletePresetRoute(app, deps, routes);
    }
    runViewRoute(app, deps);
    runTemplateRoute(app, deps);
    listExportsRoute(app, deps);
    createExportRoute(app, deps);
    capabilitiesRoute(app, deps);
    estimateExportRoute(app, deps);
    exportUsageRoute(app, deps);
    getExportRoute(app, deps);
    rerunExportRoute(app, deps);
    cancelExportRoute(app, deps);
    downloadExportRoute(app, deps);
    deleteFileRoute(app, deps);
    listKeysRoute(app, deps);
    createKeyRoute(app, deps);
    revokeKeyRoute(app, deps);
    provisionCompanyRoute(app, deps);
    readOutboxRoute(app, deps);
    ackOutboxRoute(app, deps);
  };
}
