import { useState } from 'react';
import type { ExportJob } from '../../api/exports.ts';
import { formatCount } from '../../format/numbers.ts';
import { useNow } from '../../time/use-now.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { type ProgressSample, rateOf, withSample } from './progress-rate.ts';

/** Progress, rate and remaining time of a running job. */
export function JobProgress({ job }: { readonly job: ExportJob }) {
  const { rowsExported, rowsExpected, attempt } = job;
  const rate = useRate(job);
  const left =
    rowsExpected === null || rate === undefined || rate < 1
      ? null
      : Math.max(0, rowsExpected - rowsExported) / rate;
  return (
    <div
      className="grid gap-2 rounded-md border border-info-line bg-info-tint px-3 py-2.5 text-sm text-info"
      role="status"
      aria-live="off"
    >
      <p className="font-semibold">
        {job.cancelRequestedAt !== null
          ? 'Canceling. Partial output will be deleted.'
          : `Exporting${attempt > 1 ? `, attempt ${attempt}` : ''}`}
      </p>
      <ProgressBar label="Export progress" done={rowsExported} total={rowsExpected} />
      <p className="tabular-nums">
        {formatCount(rowsExported)} of{' '}
        {rowsExpected === null ? 'an unknown number' : formatCount(rowsExpected)} rows
        {rate !== undefined && ` · ${formatCount(Math.round(rate))} rows/s`}
        {left !== null && ` · ${durationText(left)} left`}
      </p>
    </div>
  );
}

/** Samples the progress every second, even without new data, so that a stall lowers the rate. */
function useRate({ jobId, attempt, rowsExported }: ExportJob): number | undefined {
  const atMs = useNow(1000).getTime();
  const [seen, setSeen] = useState<{
    readonly jobId: string;
    readonly samples: readonly ProgressSample[];
  }>({ jobId, samples: [] });
  const last = seen.samples.at(-1);
  if (seen.jobId !== jobId) {
    setSeen({ jobId, samples: [{ atMs, attempt, rows: rowsExported }] });
  } else if (last?.atMs !== atMs) {
    setSeen({ jobId, samples: withSample(seen.samples, { atMs, attempt, rows: rowsExported }) });
  }
  return rateOf(seen.samples);
}

function durationText(seconds: number): string {
  return seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
