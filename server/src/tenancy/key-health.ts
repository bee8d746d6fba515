import { PERMISSIONS } from './api-key.ts';
import type { ApiKeyRow } from './sql/find-api-key.ts';

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;
const OLD_DAYS = 365;

/**
 * A health score of a key, 0–100, for a rotation dashboard or a CI check. Deductions from 100: 40 if it expires within
 * 14 days, 20 if it never expires, 20 if it is older than a year, 10 if it has every permission for the whole company.
 */
export function keyHealthScore(
  key: Pick<ApiKeyRow, 'createdAt' | 'expiresAt' | 'workspaceId' | 'permissions'>,
  now: Date,
): number {
  const daysUntil = (date: Date) => (date.getTime() - now.getTime()) / DAY_MS;
  let score = 100;
  if (key.expiresAt === null) score -= 20;
  else if (daysUntil(key.expiresAt) < SOON_DAYS) score -= 40;
  if (-daysUntil(key.createdAt) > OLD_DAYS) score -= 20;
  if (key.workspaceId === null && key.permissions.length === PERMISSIONS.length) score -= 10;
  return score;
}
