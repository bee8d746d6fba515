import { type RawBuilder, sql } from '../../regions/sql.ts';
import { lowestEventId } from '../ingest/event-id.ts';
import type { ResolvedEventQuery } from './event-query.ts';
import { foldCase } from './fold-case.ts';
import { ipFilter } from './ip-filter.ts';
import { metadataFilter } from './metadata-filter.ts';
import { microsOf } from './query-time.ts';
import { searchFilter } from './text-search.ts';

/** Rows of `events` a request may touch: one company and the workspaces already resolved for the caller. */
export interface EventScope {
  readonly companyId: string;
  /** Never empty: a caller without workspaces is refused before a query is built. */
  readonly workspaceIds: readonly string[];
  /** Only events that had arrived by then; undefined: all that the snapshot has. */
  readonly asOf?: AsOf | undefined;
}

/** A moment in the arrival of events, exact: numbers are gapless in commit order. */
export interface AsOf {
  /** Highest event number then, by workspace; a workspace that is not in it had no events. */
  readonly cut: Cut;
  /** Workspaces of the scope that have newer events. */
  readonly moved: readonly string[];
}

type Condition = RawBuilder<unknown>;

/**
 * EventQuery + scope → SQL condition on `events`: the one place, used by list, count, histogram, estimate
 * and export, so a preview and its export cannot disagree. The scope is a required argument.
 */
export function eventFilter(filter: ResolvedEventQuery, scope: EventScope): Condition {
  return allOf([
    ...scopeConditions(scope),
    ...(scope.asOf === undefined ? [] : [withinCut(scope, scope.asOf.cut)]),
    ...queryConditions(filter),
  ]);
}

/** Matching events that arrived after the scope's bound: found by number, so they cost what they are. */
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

/** Highest event number covered, by workspace: what an export job's cut is. */
export type Cut = Readonly<Record<string, number>>;

/**
 * The same condition, limited to a cut. A literal for one workspace and a jsonb constant for many keep
 * the walk along the id index; joining a VALUES list plans a hash and a sort (guarantee 1). For many, the cut
 * itself names the workspaces: a workspace that is not in it yields NULL and no row.
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
    ...columnConditions(filter),
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

/** Half-open [from, to) as an id range: ids sort by (time, id). */
function timeConditions(filter: Pick<ResolvedEventQuery, 'from' | 'to'>): Condition[] {
  return [
    ...(filter.from === undefined ? [] : [sql`id >= ${lowestEventId(microsOf(filter.from))}`]),
    ...(filter.to === undefined ? [] : [sql`id < ${lowestEventId(microsOf(filter.to))}`]),
  ];
}

/** Which API key sent an event, and when: NULL for events that were stored before this was recorded. */
function receiptConditions(filter: ResolvedEventQuery): Condition[] {
  const { apiKeyIds, receivedFrom, receivedTo } = filter;
  return [
    ...(apiKeyIds === undefined
      ? []
      : [sql`api_key_id::text = ANY(${apiKeyIds.map((id) => id.toLowerCase())}::text[])`]),
    ...(receivedFrom === undefined ? [] : [sql`received_at >= ${receivedFrom}::timestamptz`]),
    ...(receivedTo === undefined ? [] : [sql`received_at < ${receivedTo}::timestamptz`]),
  ];
}

function columnConditions(filter: ResolvedEventQuery): Condition[] {
  const conditions: Condition[] = [];
  const add = (column: string, values: readonly string[] | undefined) => {
    if (values === undefined) return;
    const name = sql.ref(column);
    conditions.push(
      values.length === 1
        ? sql`${name} = ${values[0]}`
        : sql`${name} = ANY(${[...values]}::text[])`,
    );
  };
  const addIndexed = (column: string, values: readonly string[] | undefined) => {
    add(column, values);
    if (values !== undefined) conditions.push(isInIndex(sql.ref(column)));
  };
  add('category', filter.categories);
  add('action', filter.actions);
  add('project_id', filter.projectIds);
  addIndexed('actor_id', filter.actorIds);
  addIndexed('actor_email', filter.actorEmails?.flatMap(withFolded));
  add('resource_type', filter.resourceTypes);
  addIndexed('resource_id', filter.resourceIds);
  add('trace_id', filter.traceIds);
  if (filter.ipAddresses !== undefined) conditions.push(ipFilter(filter.ipAddresses));
  if (filter.tags !== undefined) conditions.push(sql`tags && ${[...filter.tags]}::text[]`);
  return conditions;
}

/**
 * The column holds addresses in lower case (event-columns.ts). As they were written, too: an api of an earlier version
 * that still runs during an upgrade stores them so.
 */
function withFolded(email: string): string[] {
  const folded = foldCase(email);
  return folded === email ? [email] : [folded, email];
}

/**
 * Not longer than 1024 bytes, as the column's partial index says it, word for word: else the planner would not use
 * it. A filter's value has at most 256 characters, so nothing that it finds is left out.
 */
function isInIndex(column: Condition): Condition {
  return sql`least(octet_length(${column}), 1025) <> 1025`;
}
