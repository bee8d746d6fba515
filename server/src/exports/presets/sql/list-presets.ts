import { allOf } from '../../../events/event-filter.ts';
import { type Queryable, query, sql } from '../../../regions/sql.ts';
import type { Scope } from '../../../tenancy/scope.ts';
import type { Preset, PresetKind } from '../preset.ts';
import { presetColumns } from './preset-columns.ts';

interface ListPresets {
  readonly scope: Scope;
  /** Only those of this workspace. */
  readonly workspaceId: string | undefined;
  /** Those made before this one. */
  readonly before: string | undefined;
  readonly limit: number;
}

/** The presets a caller sees, newest first: company-wide ones only for who sees the whole company. */
export async function listPresets(
  client: Queryable,
  kind: PresetKind,
  { scope, workspaceId, before, limit }: ListPresets,
): Promise<Preset[]> {
  const { companyId, workspaces } = scope;
  const id = sql.ref(kind.idColumn);
  const conditions = [
    sql`company_id = ${companyId}`,
    ...(workspaces.kind === 'all'
      ? []
      : [sql`workspace_id = ANY(${[...workspaces.workspaceIds]}::uuid[])`]),
    ...(workspaceId === undefined ? [] : [sql`workspace_id = ${workspaceId}`]),
    ...(before === undefined ? [] : [sql`${id} < ${before}`]),
  ];
  return query(
    client,
    sql<Preset>`
      SELECT ${presetColumns(kind)} FROM ${sql.table(kind.table)}
      WHERE ${allOf(conditions)} ORDER BY ${id} DESC LIMIT ${limit}`,
  );
}
