import type { Histogram } from '../../api/events.ts';
import { formatCount } from '../../format/numbers.ts';
import { formatInstant } from '../../time/format-time.ts';
import { Table, Td, Th, Tr } from '../../ui/table.tsx';
import { bucketEnd } from './bucket-end.ts';

interface VolumeTableProps {
  readonly histogram: Histogram;
  readonly zone: string;
  readonly onZoom: (range: { readonly from: string; readonly to: string }) => void;
}

/** The histogram as a table, which also allows zooming without a mouse. Empty buckets are left out. */
export function VolumeTable({ histogram, zone, onZoom }: VolumeTableProps) {
  const { buckets, interval } = histogram;
  return (
    <div
      className="mt-1 max-h-60 overflow-y-auto rounded-md border"
      role="region"
      aria-label="Volume as a table"
      tabIndex={0}
    >
      <Table>
        <thead>
          <tr>
            <Th>From</Th>
            <Th className="text-right">Events</Th>
            <Th>
              <span className="sr-only">Zoom</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {buckets
            .filter(({ count }) => count > 0)
            .map(({ start, count }) => (
              <Tr key={start}>
                <Td className="font-mono text-xs">{formatInstant(new Date(start), zone)}</Td>
                <Td className="text-right tabular-nums">{formatCount(count)}</Td>
                <Td className="text-right">
                  <button
                    type="button"
                    className="text-accent underline"
                    onClick={() =>
                      onZoom({
                        from: new Date(start).toISOString(),
                        to: bucketEnd(start, interval).toISOString(),
                      })
                    }
                  >
                    Zoom in<span className="sr-only"> to this {interval}</span>
                  </button>
                </Td>
              </Tr>
            ))}
        </tbody>
      </Table>
    </div>
  );
}
