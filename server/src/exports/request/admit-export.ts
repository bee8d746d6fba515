import type pg from 'pg';
import { Problem } from '../../errors.ts';
import { requireRoom } from '../../tenancy/quota.ts';
import { sumArtifactBytes } from '../artifact/sql/sum-artifact-bytes.ts';
import { lockSlots } from '../run/sql/lock-slots.ts';
import { countSlotsTaken } from './sql/count-slots-taken.ts';

/** Export limits of one company. */
export interface ExportLimits {
  /** Rows of one export. */
  readonly maxRows: number;
  /** Jobs of one company that run concurrently. */
  readonly maxRunning: number;
  /** Maximum number of waiting jobs of one company; default: no limit. */
  readonly maxPending?: number | undefined;
  /** Maximum bytes of all export files of one company; default: no limit. */
  readonly maxArtifactBytes?: number | undefined;
}

/**
 * Admits an export or rejects it, in the transaction that creates it.
 * @param rows rows that the export is expected to write; null when unknown
 * @returns whether the job must wait because all slots of the company are taken
 * @throws Problem EXPORT_TOO_LARGE {rows, maxRows}, QUOTA_EXCEEDED
 */
export async function admitExport(
  client: pg.PoolClient,
  companyId: string,
  rows: number | null,
  limits: ExportLimits,
): Promise<{ mustWait: boolean }> {
  rejectTooLarge(rows, limits.maxRows);
  const mustWait = await slotsAreTaken(client, companyId, limits.maxRunning);
  await requireRoomToWait(client, companyId, limits.maxPending);
  await requireRoomForFiles(client, companyId, limits.maxArtifactBytes);
  return { mustWait };
}

function rejectTooLarge(rows: number | null, maxRows: number): void {
  if (rows === null || rows <= maxRows) return;
  throw new Problem(
    'EXPORT_TOO_LARGE',
    `${rows} events match, and one export may hold ${maxRows}. Narrow the filter or split the time range.`,
    { members: { rows, maxRows } },
  );
}

/**
 * Locks the slots until the commit: a job that ends in the meantime either dispatches this one or counts as ended.
 */
async function slotsAreTaken(
  client: pg.PoolClient,
  companyId: string,
  slots: number,
): Promise<boolean> {
  if (!(await lockSlots(client, companyId))) return false;
  return (await countSlotsTaken(client, companyId, ['pending', 'running'], slots)) >= slots;
}

/** Strict because the slots are locked: two concurrent requests cannot both take the last place. */
async function requireRoomToWait(
  client: pg.PoolClient,
  companyId: string,
  limit: number | undefined,
): Promise<void> {
  if (limit === undefined) return;
  requireRoom(
    'pendingExports',
    await countSlotsTaken(client, companyId, ['pending'], limit),
    limit,
  );
}

/**
 * A company that has used up its storage quota cannot start an export. Running exports are checked while they write.
 */
async function requireRoomForFiles(
  client: pg.PoolClient,
  companyId: string,
  limit: number | undefined,
): Promise<void> {
  if (limit === undefined) return;
  const usage = await sumArtifactBytes(client, companyId);
  if (usage !== undefined) requireRoom('artifactBytes', usage.bytes, limit);
}
