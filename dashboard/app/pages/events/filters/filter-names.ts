import type { ListParameter } from '../../../events/event-search.ts';

/** What the filters of the URL are called. */
export const FILTER_NAMES: Readonly<Record<ListParameter, string>> = {
  workspace: 'Workspace',
  project: 'Project',
  category: 'Category',
  action: 'Action',
  actor: 'Actor',
  actorId: 'Actor ID',
  resourceType: 'Resource type',
  resource: 'Resource',
  tag: 'Tag',
  trace: 'Trace ID',
  apiKey: 'API key',
  ip: 'IP address',
};

/** Those whose value is typed, under "Filter". */
export const TYPED_FILTERS = [
  'actor',
  'actorId',
  'resourceType',
  'resource',
  'project',
  'tag',
  'trace',
  'ip',
  'apiKey',
] as const satisfies readonly ListParameter[];
