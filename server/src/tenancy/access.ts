import { Problem } from '../errors.ts';
import type { Actor } from './audit-log.ts';
import type { Scope } from './scope.ts';

type UserRole = 'OWNER' | 'ADMIN' | 'BILLING' | 'MEMBER';
/** SYSTEM is the dashboard server acting on its own behalf. */
export type Role = UserRole | 'SYSTEM';

/**
 * The scope in which a role may perform an action:
 * - `company`: everything in the company
 * - `workspaces`: only items that are entirely in the user's workspaces; queries and new items must name a workspace
 * - `own`: only items that the user created, among those the user can see
 * - `none`: not permitted
 */
export type Grant = 'company' | 'workspaces' | 'own' | 'none';

const ELEVATED = {
  OWNER: 'company',
  ADMIN: 'company',
  BILLING: 'company',
  SYSTEM: 'none',
} as const;
const OFFICERS = {
  OWNER: 'company',
  ADMIN: 'company',
  BILLING: 'none',
  MEMBER: 'none',
  SYSTEM: 'none',
} as const;
const SYSTEM_ONLY = {
  OWNER: 'none',
  ADMIN: 'none',
  BILLING: 'none',
  MEMBER: 'none',
  SYSTEM: 'company',
} as const;

/** The permissions in the dashboard by role (guarantee 9). Every route checks this table. */
const ACCESS = {
  'events.read': { ...ELEVATED, MEMBER: 'workspaces' },
  'views.read': { ...ELEVATED, MEMBER: 'workspaces' },
  'views.create': { ...ELEVATED, MEMBER: 'workspaces' },
  'views.edit': { ...ELEVATED, MEMBER: 'own' },
  'exports.read': { ...ELEVATED, MEMBER: 'workspaces' },
  'exports.create': { ...ELEVATED, MEMBER: 'workspaces' },
  'exports.rerun': { ...ELEVATED, MEMBER: 'workspaces' },
  'exports.download': { ...ELEVATED, MEMBER: 'workspaces' },
  'exports.cancel': { ...ELEVATED, MEMBER: 'own' },
  'exports.deleteFile': { ...ELEVATED, MEMBER: 'own' },
  'templates.read': { ...ELEVATED, MEMBER: 'workspaces' },
  'templates.create': { ...ELEVATED, MEMBER: 'workspaces' },
  'templates.edit': { ...ELEVATED, MEMBER: 'own' },
  'templates.run': { ...ELEVATED, MEMBER: 'workspaces' },
  'keys.manage': OFFICERS,
  system: SYSTEM_ONLY,
} as const satisfies Record<string, Record<Role, Grant>>;

export type DashboardAction = keyof typeof ACCESS;

/** A dashboard user, as described by their token. */
export interface DashboardUser {
  readonly role: UserRole;
  readonly actor: Actor;
  readonly scope: Scope;
}

/** @throws Problem PERMISSION_DENIED if the role does not permit the action at all */
export function requireAccess(role: Role, action: DashboardAction): Grant {
  const grant: Grant = ACCESS[action][role];
  if (grant === 'none') throw denied('Your role does not allow this.');
  return grant;
}

/**
 * For queries of events and exports: a user who is limited to workspaces must name at least one.
 * @throws Problem WORKSPACE_REQUIRED
 */
export function requireNamedWorkspace(
  { role }: DashboardUser,
  action: DashboardAction,
  named: readonly string[] | undefined,
): void {
  if (requireAccess(role, action) === 'company' || named !== undefined) return;
  const message = 'is required: choose one of your workspaces';
  throw new Problem('WORKSPACE_REQUIRED', `workspaceIds: ${message}.`, {
    errors: [{ path: 'workspaceIds', message }],
  });
}

/**
 * For creating a view or template: only users with access to the whole company may create company-wide ones.
 * @throws Problem PERMISSION_DENIED
 */
export function requireOwnPlace(
  { role }: DashboardUser,
  action: DashboardAction,
  workspaceId: string | null,
): void {
  if (requireAccess(role, action) === 'company' || workspaceId !== null) return;
  throw denied(
    'Only an owner, admin or billing user can do this for the whole company. Choose a workspace.',
  );
}

/**
 * For changing an existing item.
 * @throws Problem PERMISSION_DENIED if the caller may only change their own items and did not create this one
 */
export function requireOwnership(
  { role, actor }: DashboardUser,
  action: DashboardAction,
  creator: { readonly type: 'user' | 'api_key'; readonly id: string },
): void {
  if (requireAccess(role, action) !== 'own') return;
  if (creator.type === actor.type && creator.id === actor.id) return;
  throw denied('Only its creator, or an owner, admin or billing user, can change this.');
}

function denied(detail: string): Problem {
  return new Problem('PERMISSION_DENIED', detail);
}
