import { Tooltip } from '../ui/tooltip.tsx';
import { formatClock, formatInstant, formatRelative } from './format-time.ts';
import { useTimeZone } from './time-zone.tsx';

interface TimestampProps {
  /** RFC 3339, as it was sent. */
  readonly value: string;
  /** Leave the zone's name out: a heading says it. */
  readonly bare?: boolean;
}

/** A time in the chosen zone; hovering or focusing shows how long ago it is, and the text as sent. */
export function Timestamp({ value, bare = false }: TimestampProps) {
  const { name } = useTimeZone();
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return <span className="font-mono">{value}</span>;
  return (
    <Tooltip
      text={
        <>
          {formatRelative(at)}
          <br />
          <span className="font-mono">{value}</span>
        </>
      }
    >
      <time dateTime={value} className="font-mono text-xs whitespace-nowrap tabular-nums">
        {bare ? formatClock(at, name) : formatInstant(at, name)}
      </time>
    </Tooltip>
  );
}
