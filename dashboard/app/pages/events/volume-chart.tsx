import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import type { Histogram } from '../../api/events.ts';
import { formatCount } from '../../format/numbers.ts';
import { formatRange } from '../../time/format-range.ts';
import { formatShort } from '../../time/format-time.ts';
import { bucketEnd } from './bucket-end.ts';
import { bucketAt, wholeBuckets } from './touched-buckets.ts';

const HEIGHT_PX = 80;
/** A shorter drag counts as a click. */
const MIN_DRAG_PX = 4;
/** Half the width of the widest label; a label closer to an edge would be clipped. */
const LABEL_ROOM_PX = 22;

interface VolumeChartProps {
  readonly histogram: Histogram;
  readonly zone: string;
  readonly onZoom: (range: { readonly from: string; readonly to: string }) => void;
}

/** A bar chart on a canvas; dragging selects a range. */
export function VolumeChart({ histogram, zone, onZoom }: VolumeChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const zoom = useRef(onZoom);
  useEffect(() => {
    zoom.current = onZoom;
  });
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const plot = new uPlot(
      optionsOf({
        histogram,
        zone,
        width: element.clientWidth,
        onHover: setHovered,
        onZoom: (range) => zoom.current(range),
      }),
      dataOf(histogram),
      element,
    );
    const resized = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: HEIGHT_PX }),
    );
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.destroy();
    };
  }, [histogram, zone]);
  const bucket = hovered === null ? undefined : histogram.buckets[hovered];
  return (
    <div ref={place} className="relative h-full cursor-crosshair [&_.u-select]:bg-accent/20">
      {bucket && (
        <p className="pointer-events-none absolute top-0 right-0 z-10 rounded-sm bg-text px-1.5 py-0.5 text-xs text-bg tabular-nums">
          {formatRange(bucketRange(bucket.start, histogram.interval), zone)}:{' '}
          {formatCount(bucket.count)}
        </p>
      )}
    </div>
  );
}

function bucketRange(start: string, interval: Histogram['interval']) {
  return { from: start, to: bucketEnd(start, interval).toISOString() };
}

function dataOf({ buckets }: Histogram): uPlot.AlignedData {
  return [buckets.map(({ start }) => Date.parse(start) / 1000), buckets.map(({ count }) => count)];
}

interface ChartOptions {
  readonly histogram: Histogram;
  readonly zone: string;
  readonly width: number;
  readonly onHover: (bucket: number | null) => void;
  readonly onZoom: VolumeChartProps['onZoom'];
}

function optionsOf({ histogram, zone, width, onHover, onZoom }: ChartOptions): uPlot.Options {
  const colour = (name: string) =>
    getComputedStyle(document.documentElement).getPropertyValue(name);
  const { buckets, interval } = histogram;
  const last = buckets.at(-1);
  const end = last === undefined ? 1 : bucketEnd(last.start, interval).getTime() / 1000;
  const start = Date.parse(buckets[0]?.start ?? '') / 1000;
  return {
    width,
    height: HEIGHT_PX,
    padding: [6, 0, 0, 0],
    legend: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    scales: {
      x: { time: true, range: () => [start, end] },
      y: { range: (_plot, _least, max) => [0, Math.max(max, 1)] },
    },
    axes: [
      {
        stroke: colour('--muted'),
        font: '11px "Inter Variable", sans-serif',
        size: 22,
        gap: 4,
        space: 70,
        values: (plot, splits) =>
          splits.map((seconds) => {
            const left = ((seconds - start) / (end - start)) * plot.width;
            const fits = left >= LABEL_ROOM_PX && left <= plot.width - LABEL_ROOM_PX;
            return fits ? axisLabel(new Date(seconds * 1000), zone, interval) : null;
          }),
        grid: { show: false },
        ticks: { show: false },
      },
      { show: false },
    ],
    series: [
      {},
      {
        fill: colour('--bar'),
        stroke: colour('--bar'),
        width: 0,
        points: { show: false },
        // Left-aligned, so that a bar covers its bucket's time instead of being centred on its start.
        ...(uPlot.paths.bars && { paths: uPlot.paths.bars({ size: [0.86, 60], align: 1 }) }),
      },
    ],
    hooks: {
      setCursor: [
        (plot) => {
          const left = plot.cursor.left ?? -1;
          // uPlot's nearest point would report the next bucket from the middle of a bar on.
          onHover(left < 0 ? null : bucketAt(histogram, plot.posToVal(left, 'x')));
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width: dragged } = plot.select;
          if (dragged < MIN_DRAG_PX) return;
          const range = wholeBuckets(
            histogram,
            plot.posToVal(left, 'x'),
            plot.posToVal(left + dragged, 'x'),
          );
          plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
          if (range !== undefined) onZoom(range);
        },
      ],
    },
  };
}

/**
 * The time of day, or the date at midnight and for buckets of a day or a week. Month and year buckets are calendar
 * ones in UTC.
 */
function axisLabel(at: Date, zone: string, interval: Histogram['interval']): string {
  if (interval === 'year') return String(at.getUTCFullYear());
  if (interval === 'month')
    return at.toLocaleDateString('en', { timeZone: 'UTC', month: 'short', year: 'numeric' });
  const [date = '', time = ''] = splitShort(formatShort(at, zone));
  return interval === 'day' || interval === 'week' || time === '00:00' ? date : time;
}

/** `14 May 12:00` → `14 May`, `12:00` */
function splitShort(text: string): readonly string[] {
  const at = text.lastIndexOf(' ');
  return [text.slice(0, at), text.slice(at + 1)];
}
