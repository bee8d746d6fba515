import { allOf } from '../../../events/query/event-filter.ts';
import type { Found } from '../../../regions/page-within-bytes.ts';
import { type Queryable, query, type RawBuilder, sql } from '../../../regions/sql.ts';
import type { Scope } from '../../../tenancy/scope.ts';
import type { Preset, PresetKind } from '../preset.ts';
import { presetColumns } from './preset-columns.ts';

/** A page ends early at this size; 200 views of typical size use a fifth of it. */
const PAGE_BYTES = 512 * 1024;

/**
 * The query as JSON text: parsing and serialising it would take the event loop of the API longer than everything
 * else.
 */
export type ListedPreset = Omit<Preset, 'query'> & { readonly queryText: string } & Found;

interface ListPresets {
  readonly scope: Scope;
  /** Only presets of this workspace. */
  readonly workspaceId: string | undefined;
  /** Only presets created before this one. */
  readonly before: string | undefined;
  readonly limit: number;
}

/**
 * Presets that the caller may see, newest first; company-wide ones only for callers with access to the whole company.
 * The page ends early at 512 KiB of queries.
 */
export async function listPresets(
  client: Queryable,
  kind: PresetKind,
  { scope, workspaceId, before, limit }: ListPresets,
): Promise<ListedPreset[]> {
  const { companyId, workspaces } = scope;
  const id = sql.ref(kind.idColumn);
  const visible = allOf([
    sql`company_id = ${companyId}`,
    ...(workspaces.kind === 'all'
      ? []
      : [sql`workspace_id = ANY(${[...workspaces.workspaceIds]}::uuid[])`]),
    ...(workspaceId === undefined ? [] : [sql`workspace_id = ${workspaceId}`]),
  ]);
  const after = before === undefined ? sql`` : sql`AND ${id} < ${before}`;
  const next = (condition: RawBuilder<unknown>) => sql`
    SELECT ${id} AS id, octet_length(query::text) AS size FROM ${sql.table(kind.table)}
    WHERE ${visible} ${condition} ORDER BY ${id} DESC LIMIT 1`;
  // Recursive, row by row, so that only the queries of the page are read: adding up the sizes of 200 large ones took
  // seconds.
  return query(
    client,
    sql<ListedPreset>`
      WITH RECURSIVE page AS (
        SELECT id, 1 AS place, size AS bytes FROM (${next(after)}) AS first
        UNION ALL
        SELECT following.id, page.place + 1, page.bytes + following.size
        FROM page CROSS JOIN LATERAL (${next(sql`AND ${id} < page.id`)}) AS following
        WHERE page.place < ${limit}::int AND page.bytes < ${PAGE_BYTES}::int
      ), last AS (SELECT id, place FROM page ORDER BY place DESC LIMIT 1)
      SELECT ${presetColumns(kind, sql`query::text AS "queryText"`)},
        (SELECT place + EXISTS (${next(sql`AND ${id} < last.id`)})::int FROM last) AS found
      FROM ${sql.table(kind.table)}
      WHERE ${visible} AND ${id} = ANY (ARRAY(SELECT id FROM page))
      ORDER BY ${id} DESC`,
  );
}
