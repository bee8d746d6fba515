import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { DayPicker } from 'react-day-picker';

/** Styled with our design tokens instead of react-day-picker's style sheet. */
const LOOK = {
  root: 'relative',
  month_caption: 'flex h-8 items-center px-2 text-sm font-medium',
  nav: 'absolute top-0 right-0 flex gap-1',
  button_previous: 'grid size-8 place-items-center rounded-md text-muted hover:bg-raised',
  button_next: 'grid size-8 place-items-center rounded-md text-muted hover:bg-raised',
  month_grid: 'w-full table-fixed',
  weekday: 'h-8 text-xs font-normal text-muted',
  day: 'p-0 text-center',
  day_button: 'h-8 w-full rounded-sm text-sm tabular-nums hover:bg-raised',
  selected: 'bg-accent-tint',
  range_start: 'rounded-l-sm font-semibold text-accent-strong',
  range_end: 'rounded-r-sm font-semibold text-accent-strong',
  today: 'underline underline-offset-4',
  outside: 'text-muted',
} as const;

interface RangeCalendarProps {
  /** `2026-05-14` in the displayed time zone; undefined while the typed text is invalid. */
  readonly first: string | undefined;
  /** Inclusive. */
  readonly last: string | undefined;
  readonly today: string;
  readonly onChoose: (days: { readonly first: string; readonly last: string }) => void;
}

/** A calendar: the first click chooses a day, the second completes the range. */
export function RangeCalendar({ first, last, today, onChoose }: RangeCalendarProps) {
  const [start, setStart] = useState<string>();
  return (
    <DayPicker
      mode="range"
      weekStartsOn={1}
      showOutsideDays
      // Always six weeks, so that the content below does not move.
      fixedWeeks
      defaultMonth={dateOf(last ?? today)}
      today={dateOf(today)}
      selected={
        first === undefined || last === undefined
          ? undefined
          : { from: dateOf(first), to: dateOf(last) }
      }
      // react-day-picker would move the nearer end; we start a new range, so that a long range need not be cleared
      // first.
      onSelect={(_range, clicked) => {
        const day = dayOf(clicked);
        const [from = day, to = day] = [start ?? day, day].sort();
        onChoose({ first: from, last: to });
        setStart(start === undefined ? day : undefined);
      }}
      classNames={LOOK}
      components={{ Chevron }}
      labels={{ labelDayButton: dayLabel }}
    />
  );
}

/** The calendar uses the browser's local dates; only year, month and day are read. */
function dateOf(day: string): Date {
  return new Date(`${day}T00:00`);
}

function dayOf(date: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Starts with the visible number. */
function dayLabel(day: Date, { selected }: { readonly selected?: boolean }): string {
  const text = day.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
  return selected === true ? `${text}, chosen` : text;
}

function Chevron({ orientation }: { readonly orientation?: 'up' | 'down' | 'left' | 'right' }) {
  const Icon = orientation === 'left' ? ChevronLeft : ChevronRight;
  return <Icon aria-hidden size={16} />;
}
