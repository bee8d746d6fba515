import { useQuery } from '@tanstack/react-query';
import { exportUsageQuery } from '../../api/exports.ts';
import { formatBytes, plural } from '../../format/numbers.ts';

const ALMOST_FULL = 0.9;

/** Storage used by the company's export files, and the limit. */
export function StorageUse() {
  const { data } = useQuery(exportUsageQuery);
  if (data === undefined) return null;
  const { files, artifactBytes, maxArtifactBytes } = data;
  if (files === null || artifactBytes === null) return null;
  const isAlmostFull = maxArtifactBytes !== null && artifactBytes >= maxArtifactBytes * ALMOST_FULL;
  return (
    <p
      className={`px-4 py-3 text-xs tabular-nums lg:px-6 ${isAlmostFull ? 'text-warning' : 'text-muted'}`}
    >
      {plural(files, 'export file')} in your company, {formatBytes(artifactBytes)}
      {maxArtifactBytes !== null && ` of ${formatBytes(maxArtifactBytes)}`}
      {isAlmostFull && '. Delete files you no longer need to make room for new exports.'}
    </p>
  );
}
