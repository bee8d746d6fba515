import { Problem } from '../errors.ts';
import { type Queryable, query, sql } from '../regions/sql.ts';

/** The workspaces of a company that a caller can access. "All" is an explicit value, never expressed by absence. */
type WorkspaceScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'some'; readonly workspaceIds: readonly string[] };

/** The data that a caller may see. A required argument of every function that reads tenant data. */
export interface Scope {
  readonly companyId: string;
  readonly workspaces: WorkspaceScope;
}

/** Whether the caller has access to all of these workspaces. */
export function covers(scope: Scope, workspaceIds: readonly string[]): boolean {
  if (scope.workspaces.kind === 'all') return true;
  const mine = new Set(scope.workspaces.workspaceIds);
  return workspaceIds.every((id) => mine.has(id));
}

/**
 * Returns the workspaces of a request: those it names, if the caller has access to each, or else all of the caller's.
 * The result is never empty.
 * @throws Problem WORKSPACE_FORBIDDEN, identical whether or not an inaccessible workspace exists
 */
export async function resolveWorkspaces(
  client: Queryable,
  scope: Scope,
  named: readonly string[] | undefined,
): Promise<readonly string[]> {
  const own = await listWorkspaceIds(client, scope);
  if (named === undefined) {
    if (own.length === 0)
      throw forbidden('You do not have access to any workspace of this company.');
    return own;
  }
  const reachable = new Set(own);
  const wanted = [...new Set(named.map((id) => id.toLowerCase()))];
  if (wanted.length === 0 || wanted.some((id) => !reachable.has(id))) {
    throw forbidden('You do not have access to a workspace named in the request.');
  }
  return wanted.sort();
}

/**
 * Returns the workspaces of a stored filter that the caller can access now. A filter saved by another user may name more.
 * @throws Problem WORKSPACE_FORBIDDEN if none remains, because an empty list would mean all workspaces
 */
export async function intersectWorkspaces(
  client: Queryable,
  scope: Scope,
  stored: readonly string[],
): Promise<readonly string[]> {
  const own = new Set(await listWorkspaceIds(client, scope));
  const left = stored.map((id) => id.toLowerCase()).filter((id) => own.has(id));
  if (left.length === 0) throw forbidden('You do not have access to any workspace of this filter.');
  return [...new Set(left)].sort();
}

/** The workspaces of the company within the scope, ordered by id. */
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
