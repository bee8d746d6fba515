import { inCompany } from '../../regions/transaction.ts';
import type { ArtifactStore, ListedArtifact } from '../../storage/artifact-store.ts';
import { parseArtifactKey } from './artifact-key.ts';
import type { ExportDeps } from '../export-deps.ts';
import { setUnfinishedParts } from './sql/set-unfinished-parts.ts';
import { type ArtifactOwner, findArtifactOwners } from './sql/find-artifact-owners.ts';

/** Outcomes of a sweep for the objects it found. */
export interface Sweep {
  /** Published and downloadable, or being written by a live attempt. */
  live: number;
  /** Too young to decide. */
  young: number;
  /** Not from this region: the company is unknown, or the object is not an artifact. Kept. */
  foreign: number;
  expired: number;
  orphaned: number;
  partial: number;
  failed: number;
}

type Verdict = Exclude<keyof Sweep, 'failed'>;

export interface SweepOptions {
  /** Younger objects are kept. Also the time between the expiry of an artifact and its deletion. */
  readonly graceMs: number;
  readonly signal: AbortSignal;
}

const BATCH = 500;

/**
 * Deletes unneeded objects from the artifact store of a region: expired artifacts, objects that no job published, and
 * unfinished uploads of dead writers. It never deletes a live object: objects are listed before their jobs are read,
 * and an attempt without the job's current lease can neither publish nor regain it.
 *
 * An object that cannot be deleted is counted and logged, and the next sweep finds it again.
 */
export async function sweepArtifacts(
  deps: Pick<ExportDeps, 'pool' | 'store' | 'log'>,
  { graceMs, signal }: SweepOptions,
): Promise<Sweep> {
  const sweep: Sweep = {
    live: 0,
    young: 0,
    foreign: 0,
    expired: 0,
    orphaned: 0,
    partial: 0,
    failed: 0,
  };
  for await (const batch of batches(deps.store.list(''))) {
    for (const [companyId, objects] of byCompany(batch)) {
      if (signal.aborted) return sweep;
      const judge = await loadClassifier(deps, companyId, objects, graceMs);
      for (const object of objects) {
        if (signal.aborted) return sweep;
        const verdict = judge(object);
        sweep[(await applyVerdict(deps, object, verdict)) ? verdict : 'failed']++;
      }
    }
  }
  return sweep;
}

async function* batches(objects: AsyncIterable<ListedArtifact>): AsyncGenerator<ListedArtifact[]> {
  let batch: ListedArtifact[] = [];
  let failure: unknown;
  try {
    for await (const object of objects) {
      batch.push(object);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    // Unfinished uploads are listed last. If the store refuses that, the objects found before are still swept.
    failure = error;
  }
  yield batch;
  if (failure !== undefined) throw failure;
}

/** The key undefined holds objects without a company. */
function byCompany(
  objects: readonly ListedArtifact[],
): ReadonlyMap<string | undefined, ListedArtifact[]> {
  return Map.groupBy(objects, ({ key }) => parseArtifactKey(key)?.companyId);
}

async function loadClassifier(
  { pool }: Pick<ExportDeps, 'pool'>,
  companyId: string | undefined,
  objects: readonly ListedArtifact[],
  graceMs: number,
): Promise<(object: ListedArtifact) => Verdict> {
  const bornBefore = new Date(Date.now() - graceMs);
  if (companyId === undefined) return (object) => classifyProbe(object, bornBefore);
  const jobIds = new Set(objects.flatMap(({ key }) => parseArtifactKey(key)?.jobId ?? []));
  const owners = await inCompany(pool, companyId, (client) =>
    findArtifactOwners(client, companyId, [...jobIds], graceMs / 1000),
  );
  if (owners === undefined) return () => 'foreign';
  const byId = new Map(owners.map((owner) => [owner.jobId, owner]));
  return (object) => judge(object, byId, bornBefore);
}

function judge(
  object: ListedArtifact,
  owners: ReadonlyMap<string, ArtifactOwner>,
  bornBefore: Date,
): Verdict {
  const named = parseArtifactKey(object.key);
  const owner = owners.get(named?.jobId ?? '');
  if (owner?.status === 'running' && owner.lease === named?.lease) return 'live';
  if (owner?.artifactKey === object.key && !object.partial)
    return owner.expired || owner.deleted ? 'expired' : 'live';
  if (object.modifiedAt > bornBefore) return 'young';
  return object.partial ? 'partial' : 'orphaned';
}

const PROBE = /^exhibit-probe-[0-9a-f-]{36}\/probe$/;

/** A probe leaves its small object if its process dies. */
function classifyProbe({ key, partial, modifiedAt }: ListedArtifact, bornBefore: Date): Verdict {
  if (!PROBE.test(key)) return 'foreign';
  if (modifiedAt > bornBefore) return 'young';
  return partial ? 'partial' : 'orphaned';
}

async function applyVerdict(
  { pool, store, log }: Pick<ExportDeps, 'pool' | 'store' | 'log'>,
  { key }: ListedArtifact,
  verdict: Verdict,
): Promise<boolean> {
  try {
    await DELETIONS[verdict]?.(store, key);
    if (verdict === 'partial') await forgetParts(pool, key);
    return true;
  } catch (error) {
    log.warn({ err: error, key, verdict }, 'the sweep could not delete an object');
    return false;
  }
}

async function forgetParts(pool: ExportDeps['pool'], key: string): Promise<void> {
  const named = parseArtifactKey(key);
  if (named === undefined) return;
  const { companyId, jobId } = named;
  await inCompany(pool, companyId, (client) =>
    setUnfinishedParts(client, { companyId, jobId, remain: false }),
  );
}

const DELETIONS: Partial<Record<Verdict, (store: ArtifactStore, key: string) => Promise<unknown>>> =
  {
    expired: (store, key) => store.delete(key),
    orphaned: (store, key) => store.delete(key),
    partial: (store, key) => store.deletePartials(key),
  };
