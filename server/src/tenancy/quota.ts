import { Problem } from '../errors.ts';

/** Maximum number of items of each kind per company. */
export interface Quotas {
  /** Exports that have not started. */
  readonly pendingExports: number;
  /** API keys that are neither revoked nor expired. */
  readonly apiKeys: number;
  readonly savedViews: number;
  readonly exportTemplates: number;
  /** Total size of its export files. */
  readonly artifactBytes?: number | undefined;
}

const WORDS = {
  pendingExports: ['pending exports', 'Wait until some have finished, or cancel one.'],
  apiKeys: ['active API keys', 'Revoke one that is no longer needed.'],
  savedViews: ['saved views', 'Delete one that is no longer needed.'],
  exportTemplates: ['export templates', 'Delete one that is no longer needed.'],
  artifactBytes: [
    'bytes of export files',
    'Delete files of exports that are no longer needed, or wait until some expire.',
  ],
} as const satisfies Record<keyof Quotas, readonly [many: string, remedy: string]>;

/**
 * Call this before creating an item, in a transaction that holds the company's quota lock (`lockQuota`).
 * @param limit undefined means unlimited
 * @throws Problem QUOTA_EXCEEDED {quota, used, limit}
 */
export function requireRoom(quota: keyof Quotas, used: number, limit: number | undefined): void {
  if (limit === undefined || used < limit) return;
  const [many, remedy] = WORDS[quota];
  throw new Problem(
    'QUOTA_EXCEEDED',
    `Your company has ${used} ${many}; the limit is ${limit}. ${remedy}`,
    { members: { quota, used, limit } },
  );
}
