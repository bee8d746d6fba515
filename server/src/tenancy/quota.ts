import { Problem } from '../errors.ts';

/** How many of each a company may have. */
export interface Quotas {
  /** Exports that have not begun. */
  readonly pendingExports: number;
  /** Keys that are neither revoked nor expired. */
  readonly apiKeys: number;
  readonly savedViews: number;
  readonly exportTemplates: number;
  /** What the files of its exports may take together. */
  readonly artifactBytes?: number | undefined;
}

const WORDS = {
  pendingExports: ['exports that wait', 'Wait until some have run, or cancel one.'],
  apiKeys: ['API keys in use', 'Revoke one that is no longer needed.'],
  savedViews: ['saved views', 'Delete one that is no longer needed.'],
  exportTemplates: ['export templates', 'Delete one that is no longer needed.'],
  artifactBytes: [
    'bytes of export files',
    'Delete files of exports that are no longer needed, or wait until some expire.',
  ],
} as const satisfies Record<keyof Quotas, readonly [many: string, remedy: string]>;

/**
 * Call it before making one more, in a transaction that nobody else of the company counts in meanwhile.
 * @param limit undefined: none
 * @throws Problem QUOTA_EXCEEDED {quota, used, limit}
 */
export function requireRoom(quota: keyof Quotas, used: number, limit: number | undefined): void {
  if (limit === undefined || used < limit) return;
  const [many, remedy] = WORDS[quota];
  throw new Problem(
    'QUOTA_EXCEEDED',
    `Your company has ${used} ${many}, and may have ${limit}. ${remedy}`,
    { members: { quota, used, limit } },
  );
}
