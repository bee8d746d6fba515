import type { Me } from '../../../api/me.ts';
import type { SavedView } from '../../../api/presets.ts';

/** The group a view is listed in: the user's own first, then workspace views, then company views. */
export function groupOf(view: SavedView, me: Me): 'mine' | 'workspace' | 'company' {
  if (view.createdBy.id === me.user.id) return 'mine';
  return view.workspaceId === null ? 'company' : 'workspace';
}

/** Whether a view is this user's default: a default belongs to the view's creator. */
export function isDefaultOf(view: SavedView, me: Me): boolean {
  return view.isDefault && view.createdBy.id === me.user.id;
}

/** The reason this user can't change a view; null if they can. */
export function lockedReason(view: SavedView, me: Me): string | null {
  if (me.permissions.companyWide || view.createdBy.id === me.user.id) return null;
  return `Created by ${view.createdBy.label}. Members can only change their own views`;
}
