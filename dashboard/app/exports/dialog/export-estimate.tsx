import type { UseQueryResult } from '@tanstack/react-query';
import type { Estimate } from '../../api/exports.ts';
import { formatBytes, formatCount, plural } from '../../format/numbers.ts';
import { useMe } from '../../session/session.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

interface ExportEstimateProps {
  readonly estimate: UseQueryResult<Estimate>;
  /** Number of events on the page behind the dialog. */
  readonly shownRows: number | undefined;
  /** Number of matching events without the row limit, if known. */
  readonly matchingRows: number | undefined;
}

/** The estimated content of the file, and whether the export is allowed. */
export function ExportEstimate({ estimate, shownRows, matchingRows }: ExportEstimateProps) {
  const { maxDownloadBytes } = useMe();
  const { data, error } = estimate;
  if (error)
    return <ProblemNotice tone="warning" title="Couldn't estimate the size" error={error} />;
  if (data === undefined) {
    return (
      <div aria-busy="true" aria-label="Estimating the size" className="grid gap-1.5">
        <Skeleton className="h-5 w-3/4" />
        <Skeleton className="h-4 w-1/2" />
      </div>
    );
  }
  const { rows, bytes, maxRows, allowed } = data;
  return (
    <div className="grid gap-2">
      <div aria-live="polite">
        <p className="text-base">
          <strong className="font-semibold tabular-nums">{scopeOf(data, matchingRows)}</strong>
          {shownRows !== undefined && shownRows < rows && ' (not just this page)'}
        </p>
        <p className="text-sm text-muted">
          {bytes === null ? 'Size unknown until the export has run' : `About ${formatBytes(bytes)}`}
        </p>
      </div>
      {rows === 0 && <Notice tone="warning">No matching events. The file would be empty.</Notice>}
      {!allowed && (
        <Notice
          tone="danger"
          title={`Too many rows: ${formatCount(Math.max(0, rows - maxRows))} over the limit`}
        >
          An export can have up to {formatCount(maxRows)} rows. Choose a shorter time range, add
          filters, split it by month, or set a row limit.
        </Notice>
      )}
      {bytes !== null && bytes > maxDownloadBytes && (
        <Notice tone="warning">
          The dashboard serves files up to {formatBytes(maxDownloadBytes)}. This file will be
          larger: compress it, or download it with the command line.
        </Notice>
      )}
    </div>
  );
}

function scopeOf({ rows, rowsExact }: Estimate, matchingRows: number | undefined): string {
  if (matchingRows !== undefined && rows < matchingRows)
    return `The oldest ${plural(rows, 'event')} of ${rowsExact ? '' : 'about '}${formatCount(matchingRows)} matching`;
  return `${rowsExact ? 'All' : 'About'} ${plural(rows, 'matching event')}`;
}
