import { canonicalOrder, type EventQuery } from '../../../../contract/event-query.ts';
import type { Queryable } from '../../regions/sql.ts';
import {
  type DashboardAction,
  type DashboardUser,
  requireNamedWorkspace,
} from '../../tenancy/access.ts';
import { intersectWorkspaces } from '../../tenancy/scope.ts';
import { type FilterOverlay, mergeFilters } from './merge-filters.ts';

interface ScopedFilters {
  readonly user: DashboardUser;
  readonly action: DashboardAction;
  /** Query of the view or template; `{ version: 1 }` without one. */
  readonly stored: EventQuery;
  readonly overlay: FilterOverlay;
}

/**
 * Filters of an export: the stored query merged with the request, within the workspaces that the caller may access.
 * The caller must have access to workspaces named in the request (createExport rejects others); from a stored query,
 * inaccessible workspaces are removed.
 * @throws Problem WORKSPACE_REQUIRED, WORKSPACE_FORBIDDEN, VALIDATION_FAILED
 */
export async function scopedFilters(
  client: Queryable,
  { user, action, stored, overlay }: ScopedFilters,
): Promise<EventQuery> {
  const merged = mergeFilters(stored, overlay);
  requireNamedWorkspace(user, action, merged.workspaceIds);
  if (merged.workspaceIds === undefined || overlay.given.workspaceIds !== undefined) return merged;
  const workspaceIds = await intersectWorkspaces(client, user.scope, merged.workspaceIds);
  return canonicalOrder({ ...merged, workspaceIds });
}
