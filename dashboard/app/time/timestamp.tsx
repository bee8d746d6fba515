import { visibleValue } from '../format/visible-text.ts';
import { Tooltip } from '../ui/overlay/tooltip.tsx';
import { formatRelative, zoneLabel } from './format-time.ts';
import { formatTimestamp, formatWholeTimestamp } from './format-timestamp.ts';
import { readTimestamp } from './read-timestamp.ts';
import { useTimeZone } from './time-zone.tsx';

interface TimestampProps {
  /** RFC 3339, as it was sent. */
  readonly value: string;
  /** Leave the zone's name out: a heading says it. */
  readonly bare?: boolean;
  /** Show every sub-second digit that was sent. */
  readonly whole?: boolean;
}

/** A time in the chosen zone; hovering or focusing shows how long ago it is, and the text as sent. */
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
