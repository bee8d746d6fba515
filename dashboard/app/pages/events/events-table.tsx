import { observeElementOffset, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, Fingerprint } from 'lucide-react';
import { memo, startTransition, useEffect, useMemo, useRef } from 'react';
import type { AuditEvent } from '../../api/audit-event.ts';
import { visibleText } from '../../format/visible-text.ts';
import { subsecondDigits } from '../../time/format-timestamp.ts';
import { useTimeZone } from '../../time/time-zone.tsx';
import { classNames } from '../../ui/class-names.ts';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { EventCells, RESOURCE_COLUMN, WIDE_COLUMN } from './event-cells.tsx';
import type { CellFilter } from './cell-filter.ts';
import { integrityHints } from './integrity-hints.ts';
import { UnreadableEvent } from './unreadable-event.tsx';

const ROW_PX = 36;
/** Extra rows rendered outside the viewport, so that fast scrolling shows no gaps. */
const OVERSCAN = 8;

export interface EventsTableProps {
  readonly events: readonly AuditEvent[];
  /** The rows are from the previous query while the next one loads. */
  readonly stale: boolean;
  readonly ascending: boolean;
  readonly onSort: () => void;
  /** Index of the row that keyboard shortcuts act on. */
  readonly current: number;
  readonly onOpen: (index: number) => void;
  readonly onFilter: (filter: CellFilter) => void;
  /** Row number of the first row, for screen readers. */
  readonly firstIndex: number;
  readonly total: number;
  readonly showWorkspace: boolean;
}

/**
 * Renders new rows in a transition instead of synchronously within the scroll event, so that the page stays
 * responsive.
 */
const observeInTransition: typeof observeElementOffset = (virtualizer, onOffset) =>
  observeElementOffset(virtualizer, (offset, isScrolling) =>
    startTransition(() => onOffset(offset, isScrolling)),
  );

/** A virtualised table: only rows near the viewport are rendered, and spacer rows take the place of the others. */
export function EventsTable(props: EventsTableProps) {
  const { events, current, showWorkspace, firstIndex, onOpen, onFilter } = props;
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- there is no React Compiler in this build
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    observeElementOffset: observeInTransition,
    useFlushSync: false,
  });
  const { scrollToIndex } = rows;
  useEffect(() => {
    if (current >= 0) scrollToIndex(current, { align: 'auto' });
  }, [current, scrollToIndex]);
  const [first] = events;
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [first?.id]);
  const digits = useMemo(() => subsecondDigits(events.map(({ timestamp }) => timestamp)), [events]);
  const items = rows.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div
      ref={scroller}
      tabIndex={0}
      aria-label="Events"
      role="region"
      className="min-h-0 flex-1 overflow-auto"
    >
      <table
        aria-rowcount={props.total}
        aria-busy={props.stale}
        className={classNames(
          'w-full table-fixed border-collapse text-sm transition-opacity',
          props.stale && 'opacity-55',
        )}
      >
        <Head {...props} digits={Math.max(0, ...digits)} />
        <tbody>
          {above > 0 && <Spacer height={above} />}
          {items.map(({ index }) => {
            const event = events[index];
            return event === undefined ? null : (
              <Row
                key={event.id}
                event={event}
                digits={digits[index] ?? 0}
                index={index}
                rowIndex={firstIndex + index}
                isCurrent={index === current}
                onOpen={onOpen}
                onFilter={onFilter}
                showWorkspace={showWorkspace}
              />
            );
          })}
          {below > 0 && <Spacer height={below} />}
        </tbody>
      </table>
    </div>
  );
}

const HEAD =
  'sticky top-0 z-10 h-8 border-b bg-bg px-3 text-left text-xs font-medium whitespace-nowrap text-muted';

/** Column widths by number of sub-second digits. */
const TIME_WIDTHS: Readonly<Record<number, string>> = { 3: 'w-54', 6: 'w-60', 9: 'w-65' };

interface HeadProps extends EventsTableProps {
  /** Maximum number of sub-second digits of the times on the page. */
  readonly digits: number;
}

function Head({ ascending, onSort, showWorkspace, digits }: HeadProps) {
  const { choice, name } = useTimeZone();
  const Arrow = ascending ? ArrowUp : ArrowDown;
  return (
    <thead>
      <tr>
        <th
          scope="col"
          aria-sort={ascending ? 'ascending' : 'descending'}
          className={classNames(HEAD, TIME_WIDTHS[digits] ?? 'w-47', 'pl-4 lg:pl-6')}
        >
          <button
            type="button"
            onClick={onSort}
            className="inline-flex items-center gap-1 hover:text-text"
          >
            Time ({choice === 'UTC' ? 'UTC' : name}) <Arrow aria-hidden size={12} />
            <span className="sr-only">{ascending ? ', oldest first' : ', newest first'}</span>
          </button>
        </th>
        {showWorkspace && (
          <th scope="col" className={classNames(HEAD, WIDE_COLUMN, 'w-[9%]')}>
            Workspace
          </th>
        )}
        <th scope="col" className={classNames(HEAD, 'w-[13%] xl:w-[9%]')}>
          Category
        </th>
        <th scope="col" className={classNames(HEAD, 'w-[22%] xl:w-[17%]')}>
          Action
        </th>
        <th scope="col" className={classNames(HEAD, 'md:w-[22%] xl:w-[18%]')}>
          Actor
        </th>
        <th scope="col" className={classNames(HEAD, RESOURCE_COLUMN)}>
          Resource
        </th>
        <th scope="col" className={classNames(HEAD, WIDE_COLUMN, 'w-34')}>
          {' '}
          ID
        </th>
      </tr>
    </thead>
  );
}

/** Has a single cell: a colSpan larger than the visible columns would widen the table. */
function Spacer({ height }: { readonly height: number }) {
  return (
    <tr aria-hidden style={{ height }}>
      <td>{null}</td>
    </tr>
  );
}

interface RowProps extends Pick<EventsTableProps, 'onOpen' | 'onFilter' | 'showWorkspace'> {
  readonly event: AuditEvent;
  readonly digits: number;
  /** Zero-based index on this page. */
  readonly index: number;
  /** Row number among all matching events, for screen readers. */
  readonly rowIndex: number;
  readonly isCurrent: boolean;
}

/** Memoised, so that scrolling renders only the rows that enter the viewport. */
const Row = memo(function Row(props: RowProps) {
  const { event, index, rowIndex, isCurrent, onOpen } = props;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- the time's button does the same by keyboard, and so do j, k and Enter
    <tr
      aria-rowindex={rowIndex}
      aria-selected={isCurrent}
      onClick={() => onOpen(index)}
      className={classNames(
        'h-9 cursor-default border-b hover:bg-raised/70',
        isCurrent && 'bg-accent-tint shadow-[inset_2px_0_0_var(--accent)] hover:bg-accent-tint',
      )}
    >
      <ErrorBoundary
        fallback={
          <td colSpan={COLUMNS} className="p-0">
            <UnreadableEvent event={event} onOpen={() => onOpen(index)} />
          </td>
        }
      >
        <Cells {...props} />
      </ErrorBoundary>
    </tr>
  );
});

/** Maximum number of columns; browsers limit a larger colSpan to the visible columns. */
const COLUMNS = 7;

function Cells({ event, digits, index, isCurrent, onOpen, onFilter, showWorkspace }: RowProps) {
  const hints = integrityHints(event).map(visibleText).join(', ');
  return (
    <EventCells
      event={event}
      digits={digits}
      isCurrent={isCurrent}
      onOpen={() => onOpen(index)}
      onFilter={onFilter}
      showWorkspace={showWorkspace}
      mark={
        hints !== '' && (
          <span title={`Integrity hints: ${hints}`} className="shrink-0 text-info">
            <Fingerprint role="img" aria-label={`Integrity hints: ${hints}`} size={13} />
          </span>
        )
      }
    />
  );
}

/** Placeholder with the table's final size while the first rows load. */
export function EventsTableSkeleton() {
  return (
    <div
      className="min-h-0 flex-1 overflow-hidden"
      aria-busy="true"
      aria-label="Loading events"
      role="status"
    >
      <div className="h-8 border-b" />
      {Array.from({ length: 18 }, (_, row) => (
        <div key={row} className="flex h-9 items-center gap-6 border-b px-4 lg:px-6">
          <Skeleton className="h-3.5 w-36" />
          <Skeleton className="h-3.5 w-20" />
          <Skeleton className="h-3.5 w-44" />
          <Skeleton className="h-3.5 w-40 max-sm:hidden" />
          <Skeleton className="h-3.5 flex-1 max-sm:hidden" />
        </div>
      ))}
    </div>
  );
}
