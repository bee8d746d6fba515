import type { Outliers as HistogramOutliers } from '../../api/events.ts';
import { plural } from '../../format/numbers.ts';
import { formatRange } from '../../time/format-range.ts';

interface OutliersProps {
  readonly outliers: HistogramOutliers;
  readonly zone: string;
  readonly onZoom: (range: { readonly from: string; readonly to: string }) => void;
}

/** A few events far from all others, as a wrong clock sends them, squeeze the chart: they are named, and can be left out. */
export function Outliers({ outliers, zone, onZoom }: OutliersProps) {
  const { before, after, from, to } = outliers;
  const parts = [
    before && `${plural(before.count, 'event')} far before (${formatRange(during(before), zone)})`,
    after && `${plural(after.count, 'event')} far after (${formatRange(during(after), zone)})`,
  ].filter((part) => part !== null);
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-xs text-muted">
      <span>The chart is stretched by {parts.join(' and ')}.</span>
      <button
        type="button"
        className="text-accent underline underline-offset-2"
        onClick={() => onZoom({ from, to })}
      >
        Leave them out: show {formatRange({ from, to }, zone)}
      </button>
    </p>
  );
}

function during({ first, last }: { readonly first: string; readonly last: string }) {
  return { from: first, to: last };
}
