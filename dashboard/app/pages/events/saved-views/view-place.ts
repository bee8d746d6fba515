import type { Me } from '../../../api/me.ts';
import type { SavedView } from '../../../api/presets.ts';

/** Where a view is listed: one's own first, then a workspace's, then everybody's. */
export function groupOf(view: SavedView, me: Me): 'mine' | 'workspace' | 'company' {
  if (view.createdBy.id === me.user.id) return 'mine';
  return view.workspaceId === null ? 'company' : 'workspace';
}

/** Why this person cannot change a view; null when they can. */
export function lockedReason(view: SavedView, me: Me): string | null {
  if (me.permissions.companyWide || view.createdBy.id === me.user.id) return null;
  return `${view.createdBy.label} made it; members change only their own`;
}
