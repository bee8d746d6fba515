import { Problem } from '../errors.ts';
import type { Actor } from './audit-log.ts';
import type { Scope } from './scope.ts';

type UserRole = 'OWNER' | 'ADMIN' | 'BILLING' | 'MEMBER';
/** SYSTEM is the dashboard acting for itself. */
export type Role = UserRole | 'SYSTEM';

/**
 * How far a role may go with an action:
 * - `company`: anything of the company
 * - `workspaces`: what lies wholly in their workspaces; to ask or to make, one must be named
 * - `own`: of what they see, only what they made themselves
 * - `none`: not at all
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

/** The one table of who may do what in the dashboard (guarantee 9). Every route consults it. */
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

/** A person using the dashboard, as their token says. */
export interface DashboardUser {
  readonly role: UserRole;
  readonly actor: Actor;
  readonly scope: Scope;
}

/** @throws Problem PERMISSION_DENIED when the role may not do this at all */
export function requireAccess(role: Role, action: DashboardAction): Grant {
  const grant: Grant = ACCESS[action][role];
  if (grant === 'none') throw denied('Your role does not allow this.');
  return grant;
}

/**
 * For asking about events and exports: who is confined to workspaces must name some.
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
 * For making a view or template: company-wide ones are for those who see the company.
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
 * For changing what somebody made.
 * @throws Problem PERMISSION_DENIED when it is not the caller's own and has to be
 */
export function requireOwnership(
  { role, actor }: DashboardUser,
  action: DashboardAction,
  maker: { readonly type: 'user' | 'api_key'; readonly id: string },
): void {
  if (requireAccess(role, action) !== 'own') return;
  if (maker.type === actor.type && maker.id === actor.id) return;
  throw denied('Only the person who made this, or an owner, admin or billing user, can change it.');
}

function denied(detail: string): Problem {
  return new Problem('PERMISSION_DENIED', detail);
}
