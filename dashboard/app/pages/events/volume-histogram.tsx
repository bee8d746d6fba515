import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { EventQuery } from '../../api/event-query.ts';
import { type CountedHistogram, type Histogram, histogramQuery } from '../../api/events.ts';
import { isProblem } from '../../api/problem.ts';
import { formatCount, plural } from '../../format/numbers.ts';
import { useShownTheme } from '../../shell/theme.ts';
import { formatRange } from '../../time/format-range.ts';
import { formatInstant } from '../../time/format-time.ts';
import { useTimeZone } from '../../time/time-zone.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { bucketEnd } from './bucket-end.ts';
import { Outliers } from './volume-outliers.tsx';
import { VolumeTable } from './volume-table.tsx';

const VolumeChart = lazy(async () => ({
  default: (await import('./volume-chart.tsx')).VolumeChart,
}));

interface VolumeHistogramProps {
  readonly query: EventQuery;
  /** A half-open range of whole buckets, RFC 3339 UTC. */
  readonly onZoom: (range: { readonly from: string; readonly to: string }) => void;
}

/** The number of events over time. Drag to zoom in; the table offers the same by keyboard. */
export function VolumeHistogram({ query, onZoom }: VolumeHistogramProps) {
  const { data, error, isPlaceholderData } = useQuery(histogramQuery(query));
  const { name: zone } = useTimeZone();
  // The canvas reads its colours once, so a theme change needs a new chart (`key`).
  const theme = useShownTheme();
  const [asTable, setAsTable] = useState(false);
  if (error) return <p className="px-4 pb-3 text-sm text-muted lg:px-6">{refusal(error)}</p>;
  return (
    <section aria-label="Volume" className="px-4 pb-3 lg:px-6">
      <div className={classNames('h-20', isPlaceholderData && 'opacity-55')}>
        {data === undefined ? (
          <Skeleton className="h-full" />
        ) : (
          <div role="img" aria-label={summaryOf(data, zone)} className="h-full">
            <Suspense fallback={<Skeleton className="h-full" />}>
              <VolumeChart key={theme} histogram={data} zone={zone} onZoom={onZoom} />
            </Suspense>
          </div>
        )}
      </div>
      <div className="mt-1.5 flex min-h-6 flex-wrap items-center gap-x-3 text-xs text-muted">
        <p aria-live="polite" className="tabular-nums">
          {data && <Totals histogram={data} zone={zone} />}
        </p>
        <button
          type="button"
          className="ml-auto underline underline-offset-2 hover:text-text"
          aria-expanded={asTable}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? 'Hide table' : 'View as table'}
        </button>
      </div>
      {data?.outliers && <Outliers outliers={data.outliers} zone={zone} onZoom={onZoom} />}
      {asTable && data && <VolumeTable histogram={data} zone={zone} onZoom={onZoom} />}
    </section>
  );
}

interface TotalsProps {
  readonly histogram: CountedHistogram;
  readonly zone: string;
}

/** Shows the requested range; an open end is filled from the buckets. */
function Totals({ histogram, zone }: TotalsProps) {
  const { bounds, buckets, total } = histogram;
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined) return '0 events';
  const range = {
    from: bounds.from ?? first.start,
    to: bounds.to ?? bucketEnd(last.start, histogram.interval).toISOString(),
  };
  return (
    <>
      <strong className="font-semibold text-text">{plural(total, 'event')}</strong> ·{' '}
      {formatRange(range, zone)} · by {histogram.interval}
    </>
  );
}

/** A text alternative for the chart. */
function summaryOf({ buckets, total, interval }: Histogram, zone: string): string {
  const busiest = buckets.reduce<(typeof buckets)[number] | undefined>(
    (max, bucket) => (max === undefined || bucket.count > max.count ? bucket : max),
    undefined,
  );
  if (busiest === undefined || total === 0) return 'Volume over time: no events';
  return `Volume over time: ${plural(total, 'event')} in ${plural(buckets.length, interval)}; the busiest starts at ${formatInstant(new Date(busiest.start), zone)} with ${formatCount(busiest.count)}`;
}

function refusal(error: Error): string {
  if (isProblem(error, 'SEARCH_TOO_BROAD'))
    return 'Counting this search takes too long. Choose a shorter time range to see the volume over time.';
  return `Couldn't load the volume over time: ${error.message}`;
}
