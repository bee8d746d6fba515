import type { ExportDeps } from '../export-deps.ts';
import { claimMaintenanceTask } from '../run/sql/claim-maintenance-task.ts';
import { sweepArtifacts } from './sweep-artifacts.ts';

const EVERY_SECONDS = 900;
/**
 * Longer than the difference between clocks, and longer than a download takes from checking the expiry to opening the
 * file.
 */
const GRACE_MS = 3_600_000;

/** Sweeps the artifact store of the region. Runs when due, on one worker of the region. */
export async function sweepRegion(
  deps: Pick<ExportDeps, 'pool' | 'store' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  if (!(await claimMaintenanceTask(deps.pool, 'sweep artifacts', EVERY_SECONDS))) return;
  const sweep = await sweepArtifacts(deps, { graceMs: GRACE_MS, signal });
  const deleted = sweep.expired + sweep.orphaned + sweep.partial;
  if (deleted + sweep.failed > 0) deps.log.info(sweep, 'artifact store swept');
}
