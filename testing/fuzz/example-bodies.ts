import { EVENT_QUERY_FIELDS } from '../../server/src/events/query/event-query-schema.ts';

/** Names of query parameters that at least one route uses. */
export const EXAMPLE_PARAMETERS: readonly string[] = [
  ...EVENT_QUERY_FIELDS.keys(),
  'limit',
  'cursor',
  'page',
  'offset',
  'status',
  'format',
  'last',
  'previous',
  'interval',
  'groupBy',
  'requestedBy',
  'asOf',
];

export const exampleEvent = {
  timestamp: '2026-05-14T12:00:00Z',
  category: 'c',
  action: 'a',
  actor: { id: 'u', email: 'u@example.test', role: 'r' },
  resource: { type: 't', id: 'i' },
  metadata: { a: { b: [1, 'x', null] } },
  tags: ['one', 'two'],
  ipAddress: '192.0.2.1',
  geo: { city: 'x' },
};
const exampleFilters = {
  from: '2026-05-14T12:00:00Z',
  to: '2026-05-15T12:00:00Z',
  categories: ['c'],
  search: 'a',
  tags: ['one'],
  metadata: [{ path: 'a.b', op: 'contains', value: 'x' }],
};
const exampleExport = {
  format: 'CSV',
  filters: exampleFilters,
  limit: 10,
  compression: 'zstd',
  csv: { formulaGuard: true, bom: false },
  purpose: 'p',
};
export const exampleView = {
  name: 'v',
  description: 'd',
  query: { ...exampleFilters, pageSize: 50, order: 'asc' },
  workspaceId: null,
  isDefault: false,
};
export const exampleKey = {
  name: 'k',
  permissions: ['events:read'],
  workspaceId: null,
  expiresAt: null,
};

/** A valid body for each route with a body. Add new routes here. */
export const EXAMPLE_BODIES: Readonly<Record<string, unknown>> = {
  'POST /v1/events': { events: [exampleEvent, exampleEvent] },
  'POST /v1/events/search': { filters: exampleFilters, limit: 10 },
  'POST /v1/exports': exampleExport,
  'POST /dashboard/events/search': { filters: exampleFilters, page: 1, pageSize: 10 },
  'POST /dashboard/events/filter-options': { filters: exampleFilters },
  'POST /dashboard/events/metrics/histogram': { filters: exampleFilters, interval: 'day' },
  'POST /v1/exports/:jobId/cancel': {},
  'DELETE /v1/exports/:jobId/artifact': {},
  'POST /dashboard/exports': { ...exampleExport, savedExplorerViewId: null },
  'POST /dashboard/exports/estimate': exampleExport,
  'POST /dashboard/exports/:jobId/rerun': {},
  'POST /dashboard/exports/:jobId/cancel': {},
  'DELETE /dashboard/exports/:jobId/artifact': {},
  'POST /dashboard/explorer/views': exampleView,
  'PATCH /dashboard/explorer/views/:presetId': exampleView,
  'DELETE /dashboard/explorer/views/:presetId': {},
  'POST /dashboard/explorer/views/:presetId/run': {},
  'POST /dashboard/export-templates': { ...exampleView, format: 'CSV' },
  'PATCH /dashboard/export-templates/:presetId': { ...exampleView, format: 'JSONL' },
  'DELETE /dashboard/export-templates/:presetId': {},
  'POST /dashboard/export-templates/:presetId/run': { filters: exampleFilters, limit: 1 },
  'POST /dashboard/api-keys': exampleKey,
  'DELETE /dashboard/api-keys/:id': {},
  'PUT /dashboard/company': {
    name: 'Renamed',
    workspaces: [{ id: '00000000-0000-4000-8000-000000000001', name: 'W' }],
  },
  'POST /dashboard/outbox/ack': { outboxIds: ['00000000-0000-4000-8000-000000000001'] },
};
