import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { evidenceQuery } from '../../api/evidence.ts';
import { formatBytes } from '../../format/numbers.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { Timestamp } from '../../time/timestamp.tsx';
import { DetailSection } from '../../ui/details.tsx';

const TYPES = [
  'EXPORT_DOWNLOAD_COMPLETED',
  'EXPORT_DOWNLOAD_ABORTED',
  'EXPORT_DOWNLOAD_DENIED',
  'EXPORT_DOWNLOADED',
] as const;
const WORDS: Readonly<Record<string, string>> = {
  EXPORT_DOWNLOAD_COMPLETED: 'downloaded',
  EXPORT_DOWNLOADED: 'downloaded',
  EXPORT_DOWNLOAD_ABORTED: 'partially downloaded',
  EXPORT_DOWNLOAD_DENIED: 'was denied the download',
};
const SHOWN = 10;
/** Refreshes soon after the user's own download. */
const REFRESH_MS = 5000;

/** The downloads of the file. Only for OWNER and ADMIN. */
export function JobDownloads({ jobId }: { readonly jobId: string }) {
  const { data, error } = useQuery({
    ...evidenceQuery({ jobId, type: TYPES, limit: SHOWN }),
    refetchInterval: REFRESH_MS,
  });
  if (data === undefined)
    return error && <ProblemNotice title="Couldn't load the downloads" error={error} />;
  return (
    <DetailSection title="Downloads">
      {data.data.length === 0 ? (
        <p className="text-sm text-muted">Not downloaded yet.</p>
      ) : (
        <ul className="grid gap-1 text-sm">
          {data.data.map(({ id, user, type, bytes, at }) => (
            <li key={id} className="flex flex-wrap items-baseline justify-between gap-x-3">
              <span>
                <bdi className="font-medium">{user.label}</bdi> {WORDS[type] ?? type}
                {bytes !== null && <span className="text-muted"> {formatBytes(bytes)}</span>}
              </span>
              <Timestamp value={at} />
            </li>
          ))}
        </ul>
      )}
      <Link
        to="/evidence"
        search={{ jobId }}
        className="text-sm text-accent underline underline-offset-2"
      >
        View all evidence of this export
      </Link>
    </DetailSection>
  );
}
