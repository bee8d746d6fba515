import { Problem } from '../errors.ts';
import type { DashboardQuotas } from '../bff-deps.ts';

const WORDS = {
  workspaces: ['workspaces', 'Rename a workspace that you no longer need, or ask your operator.'],
  invitations: ['open invitations', 'Revoke one, or wait until some have been accepted.'],
} as const satisfies Record<keyof DashboardQuotas, readonly [many: string, remedy: string]>;

/**
 * Checks a quota. Call it before creating another one, while the company is locked.
 * @throws Problem QUOTA_EXCEEDED {quota, used, limit}
 */
export function requireRoom(
  quota: keyof DashboardQuotas,
  used: number,
  quotas: DashboardQuotas,
): void {
  const limit = quotas[quota];
  if (used < limit) return;
  const [many, remedy] = WORDS[quota];
  throw new Problem(
    'QUOTA_EXCEEDED',
    `Your company has ${used} ${many}; the limit is ${limit}. ${remedy}`,
    { members: { quota, used, limit } },
  );
}
