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
 * What an export covers: the stored query overlaid by the request, within what the caller reaches. A
 * workspace that the request itself names must be theirs (createExport refuses others); of those that
 * somebody stored, the ones that are theirs remain.
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
