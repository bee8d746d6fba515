/**
 * One list filter of EventQuery. The request schemas, the query string of /v1, the dashboard's URL parameters and
 * labels, and the options of the command line are derived from it. Its SQL is in server/src/events/query/event-filter.ts.
 */
export interface FilterField {
  /** Field of EventQuery: a list of values, one of which an event must have. */
  readonly field: string;
  /** Field that is short for a list with one value. */
  readonly single: string;
  /** How values are validated and normalised. */
  readonly values: 'text' | 'ip' | 'workspace';
  /** Description in the OpenAPI document. */
  readonly description: string;
  /** Name in the dashboard. */
  readonly label: string;
  /** Parameter in the URL of the dashboard's explorer. */
  readonly parameter: string;
  /** Other names for the parameter, besides `field` and `single`: the dashboard suggests the right one. */
  readonly aliases?: readonly string[];
  /** Entry in the dashboard's Filter menu, by position; absent for filters that have a control of their own. */
  readonly menu?: { readonly position: number; readonly label: string };
  /** The first worker version that understands the filter (server/src/exports/run/worker-version.ts). */
  readonly workerVersion: number;
  /** Option of `exhibit export`: `{ name: 'actorEmail', value: 'address' }` is `--actor-email <address>`. */
  readonly option: { readonly name: string; readonly value: string; readonly help: string };
}

/**
 * Every list filter. The order is that of a canonical EventQuery: stored documents are compared as JSON text, so new
 * fields go last.
 */
export const FILTER_FIELDS = [
  {
    field: 'workspaceIds',
    single: 'workspaceId',
    values: 'workspace',
    description: 'Events of any of these workspaces.',
    label: 'Workspace',
    parameter: 'workspace',
    workerVersion: 0,
    option: {
      name: 'workspace',
      value: 'id',
      help: 'only this workspace; can be repeated, like the next options',
    },
  },
  {
    field: 'projectIds',
    single: 'projectId',
    values: 'text',
    description: 'Events of any of these projects.',
    label: 'Project',
    parameter: 'project',
    menu: { position: 5, label: 'Project' },
    workerVersion: 0,
    option: { name: 'project', value: 'id', help: 'only this project' },
  },
  {
    field: 'categories',
    single: 'category',
    values: 'text',
    description: 'Events of any of these categories, compared exactly.',
    label: 'Category',
    parameter: 'category',
    workerVersion: 0,
    option: { name: 'category', value: 'name', help: 'only this category' },
  },
  {
    field: 'actions',
    single: 'action',
    values: 'text',
    description: 'Events of any of these actions, compared exactly.',
    label: 'Action',
    parameter: 'action',
    workerVersion: 0,
    option: { name: 'action', value: 'name', help: 'only this action' },
  },
  {
    field: 'actorIds',
    single: 'actorId',
    values: 'text',
    description: 'Events by any of these actors.',
    label: 'Actor ID',
    parameter: 'actorId',
    menu: { position: 2, label: 'Actor ID' },
    workerVersion: 0,
    option: { name: 'actor', value: 'id', help: 'only this actor' },
  },
  {
    field: 'actorEmails',
    single: 'actorEmail',
    values: 'text',
    description: 'Events by an actor with any of these email addresses, ignoring case.',
    label: 'Actor',
    parameter: 'actor',
    aliases: ['email', 'user'],
    menu: { position: 1, label: 'Actor email' },
    workerVersion: 0,
    option: {
      name: 'actorEmail',
      value: 'address',
      help: 'only the actor with this email address',
    },
  },
  {
    field: 'resourceTypes',
    single: 'resourceType',
    values: 'text',
    description: 'Events on a resource of any of these types.',
    label: 'Resource type',
    parameter: 'resourceType',
    menu: { position: 3, label: 'Resource type' },
    workerVersion: 0,
    option: { name: 'resourceType', value: 'type', help: 'only resources of this type' },
  },
  {
    field: 'resourceIds',
    single: 'resourceId',
    values: 'text',
    description: 'Events on any of these resources.',
    label: 'Resource',
    parameter: 'resource',
    menu: { position: 4, label: 'Resource' },
    workerVersion: 0,
    option: { name: 'resource', value: 'id', help: 'only this resource' },
  },
  {
    field: 'tags',
    single: 'tag',
    values: 'text',
    description: 'Events with at least one of these tags.',
    label: 'Tag',
    parameter: 'tag',
    menu: { position: 6, label: 'Tag' },
    workerVersion: 0,
    option: { name: 'tag', value: 'tag', help: 'only events with this tag' },
  },
  {
    field: 'traceIds',
    single: 'traceId',
    values: 'text',
    description: 'Events of any of these traces.',
    label: 'Trace ID',
    parameter: 'trace',
    menu: { position: 7, label: 'Trace ID' },
    workerVersion: 0,
    option: { name: 'trace', value: 'id', help: 'only this trace' },
  },
  {
    field: 'ipAddresses',
    single: 'ipAddress',
    values: 'ip',
    description:
      'Events from any of these IP addresses or CIDR ranges (`10.0.0.0/8`, `2001:db8::/32`), in any spelling; other text is compared exactly.',
    label: 'IP address',
    parameter: 'ip',
    menu: { position: 8, label: 'IP address' },
    workerVersion: 0,
    option: { name: 'ip', value: 'address', help: 'only this IP address or CIDR range' },
  },
  {
    field: 'apiKeyIds',
    single: 'apiKeyId',
    values: 'text',
    description:
      'Events that any of these API keys sent, by the id of the key; events stored before keys were recorded match none.',
    label: 'API key',
    parameter: 'apiKey',
    menu: { position: 9, label: 'API key' },
    workerVersion: 1,
    option: { name: 'apiKeyId', value: 'id', help: 'only events sent with this API key' },
  },
] as const satisfies readonly FilterField[];

type Row = (typeof FILTER_FIELDS)[number];

/** A field of EventQuery that lists values. */
export type ListField = Row['field'];
/** The short form of a list field. */
export type SingleField = Row['single'];
/** A parameter of the explorer's URL that lists values. */
export type ListParameter = Row['parameter'];
/** An option of `exhibit export` that lists values, as commander names it. */
export type ListOption = Row['option']['name'];
