import type { ExportJob } from '../../api/exports.ts';
import { formatInstant, formatRelative } from '../../time/format-time.ts';
import { useTimeZone } from '../../time/time-zone.tsx';
import { useNow } from '../../time/use-now.ts';
import { Notice } from '../../ui/notice.tsx';

/**
 * The reason an unfinished export is waiting, since when, and the time of the next attempt. Renders nothing if it is
 * not waiting.
 */
export function WaitNotice({ job }: { readonly job: ExportJob }) {
  const { name: zone } = useTimeZone();
  const now = useNow(1000);
  const { waitingFor } = job;
  if (!waitingFor) return null;
  const { code, reason, since, nextTryAt } = waitingFor;
  return (
    <Notice tone="warning" title={TITLES[code] ?? 'This export is waiting'}>
      {reason}
      {since !== null && ` Since ${formatInstant(new Date(since), zone)}.`}
      {nextTryAt !== null &&
        (new Date(nextTryAt) > now
          ? ` Next attempt ${formatRelative(new Date(nextTryAt), now)}.`
          : ' Next attempt in a moment.')}
      <span className="mt-1 block font-mono text-xs">{code}</span>
    </Notice>
  );
}

const TITLES: Readonly<Record<string, string>> = {
  STORE_UNAVAILABLE: 'Waiting for the artifact store',
  STORE_NOT_ANSWERING: 'The artifact store is not responding',
  DATABASE_UNAVAILABLE: 'Waiting for the database',
  DISK_LOW: 'Paused: the disk is almost full',
  NEEDS_NEWER_WORKER: 'Waiting for a newer worker',
};
