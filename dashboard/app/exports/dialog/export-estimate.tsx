import type { UseQueryResult } from '@tanstack/react-query';
import type { Estimate } from '../../api/exports.ts';
import { formatBytes, formatCount, plural } from '../../format/numbers.ts';
import { useMe } from '../../session/session.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

interface ExportEstimateProps {
  readonly estimate: UseQueryResult<Estimate>;
  /** Events on the page behind the dialog. */
  readonly shownRows: number | undefined;
  /** Events that match without the row limit, where that is known. */
  readonly matchingRows: number | undefined;
}

/** What the file will hold, in words, and whether that is allowed. */
export function ExportEstimate({ estimate, shownRows, matchingRows }: ExportEstimateProps) {
  const { maxDownloadBytes } = useMe();
  const { data, error } = estimate;
  if (error)
    return <ProblemNotice tone="warning" title="The size could not be estimated" error={error} />;
  if (data === undefined) {
    return (
      <div aria-busy="true" aria-label="Estimating" className="grid gap-1.5">
        <Skeleton className="h-5 w-3/4" />
        <Skeleton className="h-4 w-1/2" />
      </div>
    );
  }
  const { rows, rowsExact, bytes, maxRows, allowed } = data;
  return (
    <div className="grid gap-2">
      <div aria-live="polite">
        <p className="text-base">
          <strong className="font-semibold tabular-nums">{scopeOf(data, matchingRows)}</strong>
          {shownRows !== undefined &&
            shownRows < rows &&
            `, not the ${formatCount(shownRows)} on this page`}
        </p>
        <p className="text-sm text-muted">
          {bytes === null ? 'Size not known in advance' : `About ${formatBytes(bytes)}`} ·{' '}
          {rowsExact ? 'counted now' : 'estimated'} · {plural(maxRows, 'row')} allowed in one export
        </p>
      </div>
      {rows === 0 && (
        <Notice tone="warning">No events match now. The file would hold no rows.</Notice>
      )}
      {!allowed && (
        <Notice tone="danger" title={`${plural(Math.max(0, rows - maxRows), 'row')} too many`}>
          One export holds at most {formatCount(maxRows)} rows. Choose a shorter time or more
          filters, split it by month, or set a row limit.
        </Notice>
      )}
      {bytes !== null && bytes > maxDownloadBytes && (
        <Notice tone="warning">
          The file will be larger than the {formatBytes(maxDownloadBytes)} that the dashboard hands
          through. Compress it, or fetch it with the command line.
        </Notice>
      )}
    </div>
  );
}

function scopeOf({ rows, rowsExact }: Estimate, matchingRows: number | undefined): string {
  if (matchingRows !== undefined && rows < matchingRows)
    return `The first ${plural(rows, 'event')} of ${rowsExact ? '' : 'about '}${formatCount(matchingRows)} matching`;
  return `${rowsExact ? 'All' : 'About'} ${plural(rows, 'event')} matching`;
}
