import { type ApiKey, PERMISSIONS } from '../../api/keys.ts';
import { plural } from '../../format/numbers.ts';

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;
const OLD_DAYS = 365;

/** The reasons that lower a key's health score (server/src/tenancy/key-health.ts), as text. */
export function keyWarnings(
  key: Pick<ApiKey, 'createdAt' | 'expiresAt' | 'workspaceId' | 'permissions'>,
  now: Date,
): readonly string[] {
  const daysUntil = (time: string) => (Date.parse(time) - now.getTime()) / DAY_MS;
  const warnings: string[] = [];
  if (key.expiresAt === null) warnings.push('Never expires');
  else if (daysUntil(key.expiresAt) < SOON_DAYS)
    warnings.push(`Expires in ${plural(Math.max(1, Math.ceil(daysUntil(key.expiresAt))), 'day')}`);
  if (-daysUntil(key.createdAt) > OLD_DAYS) warnings.push('Older than a year');
  if (key.workspaceId === null && key.permissions.length === PERMISSIONS.length)
    warnings.push('Full access');
  return warnings;
}
