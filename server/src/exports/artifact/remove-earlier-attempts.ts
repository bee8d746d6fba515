import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { interruptible } from '../../storage/interruptible.ts';
import { artifactPrefix, parseArtifactKey } from './artifact-key.ts';
import type { ExportJob } from '../export-job.ts';

/**
 * Removes objects that earlier attempts of a job left in the store, but no file of this or a later attempt: while
 * this worker was delayed here, another worker may have taken the job and published its file.
 */
export async function removeEarlierAttempts(
  store: ArtifactStore,
  job: Pick<ExportJob, 'companyId' | 'jobId' | 'lease'>,
  signal: AbortSignal,
): Promise<void> {
  for await (const { key, partial } of interruptible(store.list(artifactPrefix(job)), signal)) {
    const lease = parseArtifactKey(key)?.lease;
    if (lease === undefined || lease >= job.lease) continue;
    await (partial ? store.deletePartials(key) : store.delete(key, { signal }));
  }
}
