import type { ExportJob } from '../api/exports.ts';
import { formatCount } from '../format/numbers.ts';
import { Badge } from '../ui/badge.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { isTerminal } from './export-state.ts';

/** `312,400 / 480,210` with a progress bar while the export runs, then the final count. */
export function RowsCell({ job }: { readonly job: ExportJob }) {
  const { status, rowsExported, rowsExpected, truncated } = job;
  if (status === 'failed') {
    // Drops "Nothing was kept.", which applies to every failure.
    const summary = job.failureSummary ?? 'Nothing was kept.';
    return (
      <span className="block max-w-64 truncate text-muted" title={summary}>
        {summary.replace(/ Nothing was kept\.$/, '')}
      </span>
    );
  }
  if (isTerminal(status)) {
    return (
      <span className="inline-flex items-center gap-1.5 tabular-nums">
        {status === 'succeeded' ? formatCount(rowsExported) : '–'}
        {truncated && (
          <Badge tone="warning" title="The row limit was reached: more events match">
            truncated
          </Badge>
        )}
      </span>
    );
  }
  const { waitingFor } = job;
  if (status === 'pending')
    return (
      <span className="block max-w-64 truncate text-muted" title={waitingFor?.reason}>
        {waitingFor ? shortReason(waitingFor.reason) : 'waiting'}
      </span>
    );
  return (
    <span className="grid min-w-32 gap-1">
      <span className="text-xs tabular-nums">
        {formatCount(rowsExported)} / {rowsExpected === null ? '?' : formatCount(rowsExpected)}
        {waitingFor && (
          <span className="text-warning" title={waitingFor.reason}>
            {' '}
            · stalled
          </span>
        )}
      </span>
      <ProgressBar label="Export progress" done={rowsExported} total={rowsExpected} />
    </span>
  );
}

/** The first sentence; the job's details show the rest. */
function shortReason(reason: string): string {
  return reason.replace(/\. .*$/, '');
}
