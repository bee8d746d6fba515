import { visibleValue } from '../format/visible-text.ts';
import { Tooltip } from '../ui/overlay/tooltip.tsx';
import { formatRelative, zoneLabel } from './format-time.ts';
import { formatTimestamp, formatWholeTimestamp } from './format-timestamp.ts';
import { readTimestamp } from './read-timestamp.ts';
import { useTimeZone } from './time-zone.tsx';

interface TimestampProps {
  /** RFC 3339, as sent. */
  readonly value: string;
  /** Omit the zone's name, because a heading shows it. */
  readonly bare?: boolean;
  /** Show all sub-second digits that were sent. */
  readonly whole?: boolean;
}

/** A time in the chosen zone. Hover or focus shows the relative time and the original text. */
export function Timestamp({ value, bare = false, whole = false }: TimestampProps) {
  const { name } = useTimeZone();
  const read = readTimestamp(value);
  if (read === undefined) return <span className="font-mono">{visibleValue(value)}</span>;
  const label = bare ? '' : ` ${zoneLabel(read.second, name)}`;
  return (
    <Tooltip
      text={
        <>
          {formatRelative(read.second)}
          <br />
          <span className="font-mono">{value}</span>
        </>
      }
    >
      <time dateTime={value} className="font-mono text-xs whitespace-nowrap tabular-nums">
        {whole ? formatWholeTimestamp(value, name) : formatTimestamp(value, name) + label}
      </time>
    </Tooltip>
  );
}
