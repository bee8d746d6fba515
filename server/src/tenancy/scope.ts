import { Problem } from '../errors.ts';
import { type Queryable, query, sql } from '../regions/sql.ts';

/** Which workspaces of a company a caller reaches. "All" is said, never expressed by absence. */
type WorkspaceScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'some'; readonly workspaceIds: readonly string[] };

/** What a caller may see: a required argument wherever tenant data is read. */
export interface Scope {
  readonly companyId: string;
  readonly workspaces: WorkspaceScope;
}

/** True when every one of the workspaces is the caller's. */
export function covers(scope: Scope, workspaceIds: readonly string[]): boolean {
  if (scope.workspaces.kind === 'all') return true;
  const mine = new Set(scope.workspaces.workspaceIds);
  return workspaceIds.every((id) => mine.has(id));
}

/**
 * The workspaces a request is about: those it names, each of which must be the caller's, or all the
 * caller has. Never empty.
 * @throws Problem WORKSPACE_FORBIDDEN, the same answer whether a foreign workspace exists or not
 */
export async function resolveWorkspaces(
  client: Queryable,
  scope: Scope,
  named: readonly string[] | undefined,
): Promise<readonly string[]> {
  const own = await listWorkspaceIds(client, scope);
  if (named === undefined) {
    if (own.length === 0) throw forbidden('You have no workspace here.');
    return own;
  }
  const reachable = new Set(own);
  const wanted = [...new Set(named.map((id) => id.toLowerCase()))];
  if (wanted.length === 0 || wanted.some((id) => !reachable.has(id))) {
    throw forbidden('A workspace named in the request is not one of yours.');
  }
  return wanted.sort();
}

/**
 * The workspaces of a stored filter that the caller reaches today: what somebody else saved may name more.
 * @throws Problem WORKSPACE_FORBIDDEN when none is left, rather than meaning everything
 */
export async function intersectWorkspaces(
  client: Queryable,
  scope: Scope,
  stored: readonly string[],
): Promise<readonly string[]> {
  const own = new Set(await listWorkspaceIds(client, scope));
  const left = stored.map((id) => id.toLowerCase()).filter((id) => own.has(id));
  if (left.length === 0) throw forbidden('None of the workspaces of this filter is one of yours.');
  return [...new Set(left)].sort();
}

/** The workspaces of the company that the scope reaches, in order. */
export async function listWorkspaceIds(client: Queryable, scope: Scope): Promise<string[]> {
  const rows = await query(
    client,
    sql<{ workspace_id: string }>`
      SELECT workspace_id FROM workspaces
      WHERE company_id = ${scope.companyId}
      ORDER BY workspace_id`,
  );
  const ids = rows.map((row) => row.workspace_id);
  return scope.workspaces.kind === 'all' ? ids : ids.filter((id) => covers(scope, [id]));
}

function forbidden(detail: string): Problem {
  return new Problem('WORKSPACE_FORBIDDEN', detail);
}
