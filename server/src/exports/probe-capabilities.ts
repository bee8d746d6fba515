import type pg from 'pg';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import { EXPORT_TEMPLATE, type PresetKind, SAVED_VIEW } from './presets/preset.ts';
import { hasPresets } from './presets/sql/has-presets.ts';
import { countLiveWorkers } from './sql/count-live-workers.ts';

/** `reason` is for people, null exactly when supported. */
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
}

/** A hanging database or store must not hang the dialog that wants to know. */
const PROBE_TIMEOUT_MS = 3_000;

const YES: Capability = { supported: true, reason: null };
const no = (reason: string): Capability => ({ supported: false, reason });

const DATABASE_AWAY = no(
  'The database of this region cannot be reached right now. Try again in a few minutes.',
);
const DATABASE_BARE = no(
  'The database of this region has not been prepared for exports yet. An operator has to run its migrations.',
);
const STORE_AWAY = no(
  'Export files cannot be stored right now. An operator has to look at the artifact store of this region.',
);
const NO_WORKER = no(
  'No export worker is running in this region, so an export would wait. An operator has to start one.',
);
const LATER = no('Archived events cannot be exported in this version.');

/** What works in this region now: database, migrations, artifact store and workers are really asked. */
export async function probeCapabilities(
  pool: pg.Pool,
  probeStore: () => Promise<void>,
): Promise<Capabilities> {
  const [store, database] = await Promise.all([
    within(probeStore()).then(
      () => YES,
      () => STORE_AWAY,
    ),
    within(probeDatabase(pool)).catch(() => undefined),
  ]);
  const hot = hotExports(database, store);
  return {
    filteredHotExports: hot,
    templates: presets(EXPORT_TEMPLATE, database?.templates),
    savedViews: presets(SAVED_VIEW, database?.savedViews),
    formats: { JSONL: hot, CSV: hot },
    sources: { HOT: hot, ARCHIVED: LATER, HOT_AND_ARCHIVED: LATER },
  };
}

interface DatabaseState {
  readonly migrated: boolean;
  readonly workers: number;
  readonly savedViews: boolean;
  readonly templates: boolean;
}

async function probeDatabase(pool: pg.Pool): Promise<DatabaseState> {
  const { rows } = await pool.query<{ migrated: boolean }>(
    `SELECT to_regclass('public.export_jobs') IS NOT NULL AND to_regclass('public.workers') IS NOT NULL AS migrated`,
  );
  if (rows[0]?.migrated !== true)
    return { migrated: false, workers: 0, savedViews: false, templates: false };
  return {
    migrated: true,
    workers: await countLiveWorkers(pool),
    savedViews: await hasPresets(pool, SAVED_VIEW),
    templates: await hasPresets(pool, EXPORT_TEMPLATE),
  };
}

function hotExports(database: DatabaseState | undefined, store: Capability): Capability {
  if (database === undefined) return DATABASE_AWAY;
  if (!database.migrated) return DATABASE_BARE;
  if (!store.supported) return store;
  return database.workers > 0 ? YES : NO_WORKER;
}

function presets({ noun }: PresetKind, found: boolean | undefined): Capability {
  if (found === undefined) return DATABASE_AWAY;
  return found
    ? YES
    : no(`This region's database has no ${noun}s yet. An operator has to run its migrations.`);
}

/** A store's probe, asked at most every ten seconds: it writes, reads and deletes an object. */
export function cachedProbe(store: ArtifactStore, ttlMs = 10_000): () => Promise<void> {
  let current: Promise<void> | undefined;
  let askedAt = -Infinity;
  return () => {
    if (current === undefined || performance.now() - askedAt > ttlMs) {
      askedAt = performance.now();
      current = store.probe();
    }
    return current;
  };
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
