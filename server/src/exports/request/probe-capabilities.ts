import type pg from 'pg';
import type { StoreFindings } from '../../storage/artifact-store.ts';
import { publicReason } from '../../storage/store-health.ts';
import { EXPORT_TEMPLATE, type PresetKind, SAVED_VIEW } from '../presets/preset.ts';
import { hasPresets } from '../presets/sql/has-presets.ts';
import { hasExportWaits } from '../wait/sql/has-export-waits.ts';
import { countLiveWorkers } from './sql/count-live-workers.ts';
import { findNewestWorker } from './sql/find-newest-worker.ts';
import { MAX_FIELD_VERSION } from '../run/worker-version.ts';

/** `reason` is a text for people, null exactly if supported. */
interface Capability {
  readonly supported: boolean;
  readonly reason: string | null;
}

export interface Capabilities {
  readonly filteredHotExports: Capability;
  readonly templates: Capability;
  readonly savedViews: Capability;
  readonly formats: { readonly JSONL: Capability; readonly CSV: Capability };
  readonly sources: {
    readonly HOT: Capability;
    readonly ARCHIVED: Capability;
    readonly HOT_AND_ARCHIVED: Capability;
  };
  readonly artifactStore: StoreCapability;
}

/** Whether files can be stored, and whether the store keeps deleted files. */
type StoreCapability = Capability & StoreFindings;

/** Timeout, so that an unresponsive database or store does not block the dialog. */
const PROBE_TIMEOUT_MS = 3_000;

const YES: Capability = { supported: true, reason: null };
const no = (reason: string): Capability => ({ supported: false, reason });

const DATABASE_UNREACHABLE = no(
  'The database of this region cannot be reached right now. Try again in a few minutes.',
);
const DATABASE_NOT_MIGRATED = no(
  'The database of this region has not been prepared for exports yet. An operator has to run its migrations.',
);
const NO_WORKER = no(
  'No export worker is running in this region, so an export would wait. An operator has to start one.',
);
const OLD_WORKERS = no(
  'The export workers of this region are older than the api, so some exports would wait. An operator has to update them.',
);
const LATER = no('Archived events cannot be exported in this version.');

/** Tests what works in this region now: database, migrations, artifact store and workers. */
export async function probeCapabilities(
  pool: pg.Pool,
  probeStore: () => Promise<StoreFindings>,
): Promise<Capabilities> {
  const [store, database] = await Promise.all([
    within(probeStore()).then(usable, unusable),
    within(probeDatabase(pool)).catch(() => undefined),
  ]);
  const hot = hotExports(database, store);
  return {
    filteredHotExports: hot,
    templates: presets(EXPORT_TEMPLATE, database?.templates),
    savedViews: presets(SAVED_VIEW, database?.savedViews),
    formats: { JSONL: hot, CSV: hot },
    sources: { HOT: hot, ARCHIVED: LATER, HOT_AND_ARCHIVED: LATER },
    artifactStore: store,
  };
}

function usable(findings: StoreFindings): StoreCapability {
  return { ...YES, ...findings };
}

function unusable(error: unknown): StoreCapability {
  const reason = `Export files cannot be stored right now. ${publicReason(error)} An operator has to look at the artifact store of this region.`;
  return { ...no(reason), versioning: 'unknown', objectLock: 'unknown', notes: [] };
}

async function hasNewWorker(pool: pg.Pool): Promise<boolean> {
  if (!(await hasExportWaits(pool))) return true;
  const newest = await findNewestWorker(pool);
  return newest === undefined || newest >= MAX_FIELD_VERSION;
}

interface DatabaseState {
  readonly migrated: boolean;
  readonly workers: number;
  /** Checks that a worker can run every export that this API process can create. */
  readonly upToDate: boolean;
  readonly savedViews: boolean;
  readonly templates: boolean;
}

async function probeDatabase(pool: pg.Pool): Promise<DatabaseState> {
  const { rows } = await pool.query<{ migrated: boolean }>(
    `SELECT to_regclass('public.export_jobs') IS NOT NULL AND to_regclass('public.workers') IS NOT NULL AS migrated`,
  );
  if (rows[0]?.migrated !== true)
    return { migrated: false, workers: 0, upToDate: false, savedViews: false, templates: false };
  return {
    migrated: true,
    workers: await countLiveWorkers(pool),
    upToDate: await hasNewWorker(pool),
    savedViews: await hasPresets(pool, SAVED_VIEW),
    templates: await hasPresets(pool, EXPORT_TEMPLATE),
  };
}

function hotExports(database: DatabaseState | undefined, store: StoreCapability): Capability {
  if (database === undefined) return DATABASE_UNREACHABLE;
  if (!database.migrated) return DATABASE_NOT_MIGRATED;
  if (!store.supported) return { supported: false, reason: store.reason };
  if (database.workers === 0) return NO_WORKER;
  return database.upToDate ? YES : OLD_WORKERS;
}

function presets({ noun }: PresetKind, found: boolean | undefined): Capability {
  if (found === undefined) return DATABASE_UNREACHABLE;
  return found
    ? YES
    : no(`This region's database has no ${noun}s yet. An operator has to run its migrations.`);
}

async function within<Result>(work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('the probe took too long')), PROBE_TIMEOUT_MS);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
