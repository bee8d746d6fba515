/*
 * Event queries: parsing (event-query-schema, event-query-string), relative ranges (resolve-range), and the SQL
 * predicate (this file and the other filters). The fields are in contract/filter-fields.ts; only their SQL is here.
 */
import { type RawBuilder, sql } from '../../regions/sql.ts';
import { lowestEventId } from '../../event-id.ts';
import { FILTER_FIELDS, type ListField } from '../../../../contract/filter-fields.ts';
import type { ResolvedEventQuery } from '../../../../contract/event-query.ts';
import { foldCase } from './fold-case.ts';
import { ipFilter } from './ip-filter.ts';
import { metadataFilter } from './metadata-filter.ts';
import { microsOf } from './query-time.ts';
import { searchFilter } from './text-search.ts';

/** Rows of `events` a request may touch: one company and the workspaces already resolved for the caller. */
export interface EventScope {
  readonly companyId: string;
  /** Never empty: a caller without workspaces is rejected before a query is built. */
  readonly workspaceIds: readonly string[];
  /** Restricts the query to events that had arrived by then; undefined for all events of the snapshot. */
  readonly asOf?: AsOf | undefined;
}

/** A moment in the arrival of events, exact: numbers are gapless in commit order. */
export interface AsOf {
  /** Highest event number at that moment, by workspace; a missing workspace had no events. */
  readonly cut: Cut;
  /** Workspaces of the scope that have newer events. */
  readonly moved: readonly string[];
}

type Condition = RawBuilder<unknown>;

/**
 * EventQuery + scope → SQL condition on `events`: the only place that does this. List, count, histogram, estimate and
 * export use it, so a preview and its export cannot disagree. The scope is a required argument.
 */
export function eventFilter(filter: ResolvedEventQuery, scope: EventScope): Condition {
  return allOf([
    ...scopeConditions(scope),
    ...(scope.asOf === undefined ? [] : [withinCut(scope, scope.asOf.cut)]),
    ...queryConditions(filter),
  ]);
}

/**
 * Condition for matching events that arrived after `asOf`. They are found by number, so the cost depends only on how
 * many there are.
 */
export function newerFilter(filter: ResolvedEventQuery, scope: EventScope, asOf: AsOf): Condition {
  const newer = asOf.moved.map((id) => sql`(workspace_id = ${id} AND seq > ${asOf.cut[id] ?? 0})`);
  const { companyId } = scope;
  return allOf([
    sql`company_id = ${companyId}`,
    sql`(${sql.join(newer, sql` OR `)})`,
    ...queryConditions(filter),
  ]);
}

function withinCut({ workspaceIds }: EventScope, cut: Cut): Condition {
  const [only, ...others] = workspaceIds;
  if (others.length === 0) return sql`seq <= ${cut[only ?? ''] ?? 0}`;
  return sql`seq <= (${JSON.stringify(cut)}::jsonb ->> workspace_id::text)::bigint`;
}

/** Highest event number included, by workspace: the cut of an export job. */
export type Cut = Readonly<Record<string, number>>;

/**
 * Like eventFilter, limited to a cut. A literal for one workspace and a jsonb constant for many keep the walk along
 * the id index; joining a VALUES list plans a hash and a sort (guarantee 1). For many, the cut itself names the
 * workspaces: a workspace that is not in it yields NULL and no row.
 */
export function eventFilterWithinCut(
  filter: ResolvedEventQuery,
  companyId: string,
  cut: Cut,
): Condition {
  const workspaceIds = Object.keys(cut);
  const [only] = workspaceIds;
  const within =
    workspaceIds.length === 1 && only !== undefined
      ? [sql`workspace_id = ${only}`, sql`seq <= ${cut[only]}`]
      : [sql`seq <= (${JSON.stringify(cut)}::jsonb ->> workspace_id::text)::bigint`];
  return allOf([sql`company_id = ${companyId}`, ...within, ...queryConditions(filter)]);
}

function queryConditions(filter: ResolvedEventQuery): Condition[] {
  return [
    ...timeConditions(filter),
    ...listConditions(filter),
    ...receiptConditions(filter),
    ...(filter.search === undefined ? [] : [searchFilter(filter.search)]),
    ...(filter.metadata ?? []).map(metadataFilter),
  ];
}

/** Conditions on company and workspace, for any table that has both columns. */
export function scopeConditions(scope: EventScope): Condition[] {
  const [only, ...others] = scope.workspaceIds;
  if (only === undefined) throw new RangeError('a scope has at least one workspace');
  return [
    sql`company_id = ${scope.companyId}`,
    others.length === 0
      ? sql`workspace_id = ${only}`
      : sql`workspace_id = ANY(${[...scope.workspaceIds]}::uuid[])`,
  ];
}

export function allOf(conditions: readonly Condition[]): Condition {
  return sql.join([...conditions], sql` AND `);
}

/** Half-open [from, to) as a range of IDs, because IDs are ordered by time. */
function timeConditions(filter: Pick<ResolvedEventQuery, 'from' | 'to'>): Condition[] {
  return [
    ...(filter.from === undefined ? [] : [sql`id >= ${lowestEventId(microsOf(filter.from))}`]),
    ...(filter.to === undefined ? [] : [sql`id < ${lowestEventId(microsOf(filter.to))}`]),
  ];
}

/** When events were received: NULL, and so no match, for events stored before this was recorded. */
function receiptConditions({ receivedFrom, receivedTo }: ResolvedEventQuery): Condition[] {
  return [
    ...(receivedFrom === undefined ? [] : [sql`received_at >= ${receivedFrom}::timestamptz`]),
    ...(receivedTo === undefined ? [] : [sql`received_at < ${receivedTo}::timestamptz`]),
  ];
}

type Values = readonly string[];

/** The SQL of each filter in contract/filter-fields.ts. */
const LIST_CONDITIONS: Readonly<Record<ListField, (values: Values) => Condition | undefined>> = {
  // The scope holds those of these workspaces that the caller may see.
  workspaceIds: () => undefined,
  projectIds: (values) => isAnyOf('project_id', values),
  categories: (values) => isAnyOf('category', values),
  actions: (values) => isAnyOf('action', values),
  actorIds: (values) => isAnyOfIndexed('actor_id', values),
  actorEmails: (values) => isAnyOfIndexed('actor_email', values.flatMap(withFolded)),
  resourceTypes: (values) => isAnyOf('resource_type', values),
  resourceIds: (values) => isAnyOfIndexed('resource_id', values),
  tags: (values) => sql`tags && ${[...values]}::text[]`,
  traceIds: (values) => isAnyOf('trace_id', values),
  ipAddresses: ipFilter,
  // NULL, and so no match, for events stored before keys were recorded.
  apiKeyIds: (values) =>
    sql`api_key_id::text = ANY(${values.map((id) => id.toLowerCase())}::text[])`,
};

/** @throws TypeError for a filter without SQL: leaving a condition out would return too many events. */
function listConditions(filter: ResolvedEventQuery): Condition[] {
  return FILTER_FIELDS.flatMap(({ field }) => {
    const values = filter[field];
    if (values === undefined) return [];
    if (!Object.hasOwn(LIST_CONDITIONS, field)) throw new TypeError(`${field} has no SQL`);
    return LIST_CONDITIONS[field](values) ?? [];
  });
}

function isAnyOf(column: string, values: Values): Condition {
  const name = sql.ref(column);
  return values.length === 1
    ? sql`${name} = ${values[0]}`
    : sql`${name} = ANY(${[...values]}::text[])`;
}

function isAnyOfIndexed(column: string, values: Values): Condition {
  return sql`${isAnyOf(column, values)} AND ${isInIndex(sql.ref(column))}`;
}

/**
 * The address in lower case, as the column holds it (event-columns.ts), and as written: an API process of an earlier
 * version that still runs during an upgrade stores it unchanged.
 */
function withFolded(email: string): string[] {
  const folded = foldCase(email);
  return folded === email ? [email] : [folded, email];
}

/**
 * At most 1024 bytes: the exact expression of the column's partial index, because the planner uses the index only for
 * the same expression. Filter values have at most 256 characters, so the condition excludes no match.
 */
function isInIndex(column: Condition): Condition {
  return sql`least(octet_length(${column}), 1025) <> 1025`;
}
