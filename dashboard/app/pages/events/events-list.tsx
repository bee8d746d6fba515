import { useMemo } from 'react';
import type { AuditEvent } from '../../api/audit-event.ts';
import { visibleText, visibleValue } from '../../format/visible-text.ts';
import { formatTimestamp, subsecondDigits } from '../../time/format-timestamp.ts';
import { useTimeZone } from '../../time/time-zone.tsx';
import { classNames } from '../../ui/class-names.ts';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { UnreadableEvent } from './unreadable-event.tsx';

interface EventsListProps {
  readonly events: readonly AuditEvent[];
  readonly stale: boolean;
  readonly onOpen: (index: number) => void;
}

/**
 * The event list on a phone: two lines per event, and tapping anywhere opens the details. The browser skips rendering
 * items outside the viewport.
 */
export function EventsList({ events, stale, onOpen }: EventsListProps) {
  const { name: zone } = useTimeZone();
  const digits = useMemo(() => subsecondDigits(events.map(({ timestamp }) => timestamp)), [events]);
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
            <ErrorBoundary
              fallback={<UnreadableEvent event={event} onOpen={() => onOpen(index)} />}
            >
              <Item
                event={event}
                time={formatTimestamp(event.timestamp, zone, digits[index])}
                onOpen={() => onOpen(index)}
              />
            </ErrorBoundary>
          </li>
        ))}
      </ul>
    </>
  );
}

interface ItemProps {
  readonly event: AuditEvent;
  readonly time: string;
  readonly onOpen: () => void;
}

function Item({ event, time, onOpen }: ItemProps) {
  const { action, category, actor, resource } = event;
  const who = actor?.email ?? actor?.id;
  return (
    <button
      type="button"
      onClick={onOpen}
      className="grid h-14 w-full grid-cols-[minmax(0,1fr)] content-center gap-0.5 px-4 text-left active:bg-raised"
    >
      <span className="flex items-baseline gap-2">
        <bdi className="min-w-0 flex-1 truncate font-medium">{visibleValue(action)}</bdi>
        <span className="shrink-0 font-mono text-xs text-muted tabular-nums">{time}</span>
      </span>
      <span className="flex gap-2 text-xs text-muted">
        <bdi className="max-w-1/2 shrink-0 truncate">{visibleValue(category)}</bdi>
        {who !== undefined && <bdi className="min-w-0 truncate">{visibleText(who)}</bdi>}
        {resource?.id !== undefined && (
          <bdi className="min-w-0 truncate">{visibleText(resource.id)}</bdi>
        )}
      </span>
    </button>
  );
}
