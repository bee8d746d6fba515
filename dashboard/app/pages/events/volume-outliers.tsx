import type { Outliers as HistogramOutliers } from '../../api/events.ts';
import { plural } from '../../format/numbers.ts';
import { formatDay } from '../../time/format-range.ts';

interface OutliersProps {
  readonly outliers: HistogramOutliers;
  readonly zone: string;
  readonly onZoom: (range: { readonly from: string; readonly to: string }) => void;
}

/**
 * Events with times far from all others (for example from a wrong clock) squeeze the chart. This line counts them and
 * offers to exclude them.
 */
export function Outliers({ outliers, zone, onZoom }: OutliersProps) {
  const { before, after, from, to } = outliers;
  const parts = [
    before && `${plural(before.count, 'event')} before ${formatDay(new Date(from), zone)}`,
    after && `${plural(after.count, 'event')} after ${formatDay(new Date(to), zone)}`,
  ].filter((part) => part !== null);
  const isOne = (before?.count ?? 0) + (after?.count ?? 0) === 1;
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-xs text-muted">
      <span>
        {parts.join(' and ')} {isOne ? 'stretches' : 'stretch'} this chart.
      </span>
      <button
        type="button"
        className="text-accent underline underline-offset-2"
        onClick={() => onZoom({ from, to })}
      >
        Exclude {isOne ? 'it' : 'them'}
      </button>
    </p>
  );
}
