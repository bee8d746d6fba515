import type { ReactNode } from 'react';
import type { AuditEvent } from '../../api/audit-event.ts';
import { useWorkspaceName } from '../../session/session.tsx';
import { visibleText, visibleValue } from '../../format/visible-text.ts';
import { formatTimestamp } from '../../time/format-timestamp.ts';
import { useTimeZone } from '../../time/time-zone.tsx';
import { classNames } from '../../ui/class-names.ts';
import { copyText } from '../../ui/copy-text.ts';
import { showToast } from '../../ui/overlay/toast.tsx';
import { isFilterValue } from '../../events/event-search.ts';
import type { CellFilter } from './cell-filter.ts';

/** Columns hidden on narrower screens; the drawer shows all fields. */
export const WIDE_COLUMN = 'max-xl:hidden';
export const RESOURCE_COLUMN = 'max-md:hidden';

interface EventCellsProps {
  readonly event: AuditEvent;
  /** Number of sub-second digits needed to tell the event apart from its neighbours. */
  readonly digits: number;
  /** Only the current row's controls are in the tab order, because a page can have 200 rows. */
  readonly isCurrent: boolean;
  readonly onOpen: () => void;
  readonly onFilter: (filter: CellFilter) => void;
  readonly showWorkspace: boolean;
  readonly mark: ReactNode;
}

/**
 * The cells of a row. Clicking a value filters by it; clicking elsewhere in the row opens the event. Keep the number
 * of elements low: a page can have 200 rows to scroll through.
 */
export function EventCells({
  event,
  digits,
  isCurrent,
  onOpen,
  onFilter,
  showWorkspace,
  mark,
}: EventCellsProps) {
  const { name: zone } = useTimeZone();
  const workspaceName = useWorkspaceName();
  const tabIndex = isCurrent ? 0 : -1;
  const filter = (parameter: CellFilter['parameter'], value: string, shown = value) =>
    isFilterValue(value) ? (
      <button
        type="button"
        tabIndex={tabIndex}
        dir="auto"
        title={`${shown}\nClick to filter`}
        onClick={(click) => {
          click.stopPropagation();
          onFilter({ parameter, value });
        }}
        className="max-w-full truncate rounded-sm text-left hover:text-accent hover:underline"
      >
        {visibleValue(shown)}
      </button>
    ) : (
      <span
        dir="auto"
        title={`${visibleValue(shown)}\nCan't filter by this value: it is ${shown.trim() === '' ? 'empty' : 'too long'}`}
        className="inline-block max-w-full truncate"
      >
        {visibleValue(shown)}
      </span>
    );
  const { actor, resource } = event;
  return (
    <>
      <td className="pr-3 pl-4 lg:pl-6">
        <button
          type="button"
          tabIndex={tabIndex}
          onClick={(click) => {
            click.stopPropagation();
            onOpen();
          }}
          title={event.timestamp}
          className="rounded-sm font-mono text-xs whitespace-nowrap tabular-nums hover:text-accent"
        >
          <span className="sr-only">Open {visibleText(event.action)} at </span>
          {formatTimestamp(event.timestamp, zone, digits)}
        </button>
      </td>
      {showWorkspace && (
        <td className={classNames(WIDE_COLUMN, 'truncate px-3')}>
          {filter('workspace', event.workspaceId, workspaceName(event.workspaceId))}
        </td>
      )}
      <td className="truncate px-3">{filter('category', event.category)}</td>
      <td className="px-3">
        <span className="flex min-w-0 items-center gap-1.5 font-medium">
          {filter('action', event.action)}
          {mark}
        </span>
      </td>
      <td className="truncate px-3">
        {actor?.email !== undefined ? (
          filter('actor', actor.email)
        ) : actor?.id !== undefined ? (
          filter('actorId', actor.id)
        ) : (
          <Nothing />
        )}
      </td>
      <td className={classNames(RESOURCE_COLUMN, 'truncate px-3')}>
        {resource?.id !== undefined || resource?.type !== undefined ? (
          <span className="flex min-w-0 gap-1">
            {resource.type !== undefined && (
              <span className="max-w-1/2 shrink-0 truncate text-muted">
                {filter('resourceType', resource.type)}
              </span>
            )}
            {resource.id !== undefined && filter('resource', resource.id)}
          </span>
        ) : (
          <Nothing />
        )}
      </td>
      <td className={classNames(WIDE_COLUMN, 'truncate px-3')}>
        <button
          type="button"
          tabIndex={tabIndex}
          title={`${event.id}\nClick to copy`}
          onClick={(click) => {
            click.stopPropagation();
            void copyId(event.id);
          }}
          className="rounded-sm font-mono text-xs whitespace-nowrap text-muted hover:text-accent"
        >
          <span className="sr-only">Copy ID </span>
          {shortened(event.id)}
        </button>
      </td>
    </>
  );
}

/** Shortens an ID but keeps its end: it starts with the time, which neighbouring events share. */
function shortened(id: string): string {
  return `${id.slice(0, 6)}…${id.slice(-6)}`;
}

async function copyId(id: string): Promise<void> {
  if (await copyText(id)) showToast({ tone: 'success', title: 'ID copied', body: id });
}

function Nothing() {
  return <span className="text-muted">–</span>;
}
