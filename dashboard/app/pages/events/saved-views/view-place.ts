import type { Me } from '../../../api/me.ts';
import type { SavedView } from '../../../api/presets.ts';

/** Where a view is listed: one's own first, then a workspace's, then everybody's. */
export function groupOf(view: SavedView, me: Me): 'mine' | 'workspace' | 'company' {
  if (view.createdBy.id === me.user.id) return 'mine';
  return view.workspaceId === null ? 'company' : 'workspace';
}

/** Whether the explorer opens with a view for this person: a default is of whoever made the view. */
export function isDefaultOf(view: SavedView, me: Me): boolean {
  return view.isDefault && view.createdBy.id === me.user.id;
}

/** Why this person cannot change a view; null when they can. */
export function lockedReason(view: SavedView, me: Me): string | null {
  if (me.permissions.companyWide || view.createdBy.id === me.user.id) return null;
  return `Created by ${view.createdBy.label}. Members can only change their own views`;
}
