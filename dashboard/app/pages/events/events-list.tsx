import type { AuditEvent } from '../../api/audit-event.ts';
import { visibleText } from '../../format/visible-text.ts';
import { formatClock } from '../../time/format-time.ts';
import { useTimeZone } from '../../time/time-zone.tsx';
import { classNames } from '../../ui/class-names.ts';

interface EventsListProps {
  readonly events: readonly AuditEvent[];
  readonly stale: boolean;
  readonly onOpen: (index: number) => void;
}

/** On a phone: two lines an event, the whole of it opens the details. The browser skips what is out of sight. */
export function EventsList({ events, stale, onOpen }: EventsListProps) {
  const { name: zone } = useTimeZone();
  return (
    <>
      <p className="border-b px-4 py-1 text-xs text-muted">Times in {zone}</p>
      <ul
        aria-label={`Events, times in ${zone}`}
        aria-busy={stale}
        className={classNames(stale && 'opacity-55')}
      >
        {events.map((event, index) => (
          <li
            key={event.id}
            className="border-b [contain-intrinsic-size:auto_56px] [content-visibility:auto]"
          >
            <button
              type="button"
              onClick={() => onOpen(index)}
              className="grid h-14 w-full grid-cols-[minmax(0,1fr)] content-center gap-0.5 px-4 text-left active:bg-raised"
            >
              <span className="flex items-baseline gap-2">
                <bdi className="min-w-0 flex-1 truncate font-medium">
                  {visibleText(event.action)}
                </bdi>
                <span className="shrink-0 font-mono text-xs text-muted tabular-nums">
                  {formatClock(new Date(event.timestamp), zone)}
                </span>
              </span>
              <span className="flex gap-2 text-xs text-muted">
                <bdi className="max-w-1/2 shrink-0 truncate">{visibleText(event.category)}</bdi>
                <bdi className="min-w-0 truncate">
                  {visibleText(event.actor?.email ?? event.actor?.id ?? '')}
                </bdi>
                <bdi className="min-w-0 truncate">{visibleText(event.resource?.id ?? '')}</bdi>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
