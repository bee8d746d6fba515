import { Problem } from '../errors.ts';
import type { DashboardQuotas } from '../bff-deps.ts';

const WORDS = {
  workspaces: ['workspaces', 'Rename one that is no longer needed, or ask the operator.'],
  invitations: ['open invitations', 'Take one back, or wait until some were used.'],
} as const satisfies Record<keyof DashboardQuotas, readonly [many: string, remedy: string]>;

/**
 * Call it before making one more, while the company is locked.
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
