import type { FastifyPluginAsync } from 'fastify';
import type { ApiDeps } from '../api-deps.ts';
import { admit } from '../principal.ts';
import { createEvents } from './events/create-events.ts';
import { listEvents, searchEvents } from './events/list-events.ts';
import { cancelExportRoute } from './exports/cancel-export.ts';
import { createExportRoute } from './exports/create-export.ts';
import { deleteFileRoute } from './exports/delete-file.ts';
import { downloadExport } from './exports/download-export.ts';
import { getExport } from './exports/get-export.ts';
import { listExportsRoute } from './exports/list-exports.ts';
import { keyStatus } from './keys/key-status.ts';

/** The public API, one file a route. */
export function v1(deps: ApiDeps): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', (request) => admit(deps, request));
    createEvents(app, deps);
    listEvents(app, deps);
    searchEvents(app, deps);
    createExportRoute(app, deps);
    listExportsRoute(app, deps);
    getExport(app, deps);
    cancelExportRoute(app, deps);
    downloadExport(app, deps);
    deleteFileRoute(app, deps);
    keyStatus(app, deps);
  };
}
