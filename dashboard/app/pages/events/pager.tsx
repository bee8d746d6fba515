import { ChevronFirst, ChevronLeft, ChevronRight, RefreshCw } from 'lucide-react';
import type { EventPage } from '../../api/events.ts';
import { PAGE_SIZES } from '../../events/event-parameters.ts';
import { formatCount, formatTotal, plural } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Select } from '../../ui/form/field.tsx';

interface PagerProps {
  readonly page: EventPage;
  readonly onShowNewer: () => void;
  readonly onPage: (page: number) => void;
  /** Continues beyond the numbered pages. */
  readonly onCursor: (cursor: string) => void;
  readonly onPageSize: (size: number) => void;
}

/** The position in the list (`1–50 of 48,210`) and the paging buttons. */
export function Pager({ page, onShowNewer, onPage, onCursor, onPageSize }: PagerProps) {
  const { pageSize, total, totalExact, nextCursor } = page;
  const number = page.page;
  const first = number === null ? null : (number - 1) * pageSize + 1;
  const last = first === null ? null : first + page.data.length - 1;
  // The next numbered page would skip the events that did not fit into this one.
  const numberedNext = page.truncated !== true && number !== null && number * pageSize < total;
  const next = () => {
    if (numberedNext) onPage(number + 1);
    else if (nextCursor !== null) onCursor(nextCursor);
  };
  const hasNext = numberedNext || nextCursor !== null;
  return (
    <div className="flex h-11 shrink-0 items-center gap-1 border-t bg-surface px-4 text-sm lg:px-6">
      <label className="mr-auto flex items-center gap-2 text-muted">
        <Select
          aria-label="Events per page"
          value={pageSize}
          onChange={(event) => onPageSize(Number(event.target.value))}
          className="w-18"
        >
          {PAGE_SIZES.map((size) => (
            <option key={size}>{size}</option>
          ))}
        </Select>
        <span className="max-sm:hidden">per page</span>
      </label>
      {page.newer > 0 && (
        <Button size="sm" icon={RefreshCw} className="mr-2" onClick={onShowNewer}>
          {page.newerExact
            ? plural(page.newer, 'newer event')
            : `${formatCount(page.newer)}+ newer events`}
        </Button>
      )}
      <span className="mr-2 tabular-nums" aria-live="polite">
        {first === null
          ? `Further events, of ${formatTotal(total, totalExact)}`
          : page.data.length === 0
            ? `0 of ${formatTotal(total, totalExact)}`
            : `${formatCount(first)}–${formatCount(last ?? first)} of ${formatTotal(total, totalExact)}`}
      </span>
      <IconButton
        label="First page"
        icon={ChevronFirst}
        disabledReason={number === 1 ? 'This is the first page' : null}
        onClick={() => onPage(1)}
      />
      <IconButton
        label="Previous page"
        icon={ChevronLeft}
        disabledReason={
          number === 1
            ? 'This is the first page'
            : number === null
              ? "Not available this far into the list. Use your browser's Back button"
              : null
        }
        onClick={() => number !== null && onPage(number - 1)}
      />
      <IconButton
        label="Next page"
        icon={ChevronRight}
        disabledReason={hasNext ? null : 'This is the last page'}
        onClick={next}
      />
    </div>
  );
}
