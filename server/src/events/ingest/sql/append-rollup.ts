import { execute, type Queryable, sql } from '../../../regions/sql.ts';

export interface RollupDelta {
  readonly workspaceId: string;
  /** Start of the hour, ISO 8601 UTC */
  readonly hour: string;
  readonly category: string;
  readonly action: string;
  readonly count: number;
}

/** Appends counts; they are folded into event_rollup later, and readers sum both. */
export async function appendRollup(
  client: Queryable,
  companyId: string,
  deltas: readonly RollupDelta[],
): Promise<void> {
  await execute(
    client,
    sql`
    INSERT INTO event_rollup_deltas (company_id, workspace_id, hour, category, action, count)
    SELECT ${companyId}::uuid, d.* FROM unnest(
      ${deltas.map((delta) => delta.workspaceId)}::uuid[], ${deltas.map((delta) => delta.hour)}::timestamptz[],
      ${deltas.map((delta) => delta.category)}::text[], ${deltas.map((delta) => delta.action)}::text[],
      ${deltas.map((delta) => delta.count)}::bigint[]) d`,
    'append-rollup',
  );
}
