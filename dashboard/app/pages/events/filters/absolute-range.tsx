import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { DayPicker } from 'react-day-picker';
import type { EventSearch } from '../../../events/event-search.ts';
import { useTimeZone } from '../../../time/time-zone.tsx';
import { Button } from '../../../ui/button.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';
import { instantOf, localOf } from './zoned-time.ts';

interface AbsoluteRangeProps {
  readonly search: EventSearch;
  readonly onChoose: (change: { from: string; to: string }) => void;
}

const DAY = 'size-8 rounded-sm text-sm tabular-nums hover:bg-raised';
/** The calendar in our tokens: no style sheet of its own. */
const CALENDAR = {
  root: 'relative w-fit',
  months: 'flex',
  month_caption: 'flex h-8 items-center px-2 text-sm font-medium',
  nav: 'absolute top-0 right-0 flex gap-1',
  button_previous: 'grid size-7 place-items-center rounded-md text-muted hover:bg-raised',
  button_next: 'grid size-7 place-items-center rounded-md text-muted hover:bg-raised',
  weekday: 'size-8 text-xs font-normal text-muted',
  day: 'p-0 text-center',
  day_button: DAY,
  selected: 'bg-accent-tint',
  range_start: 'rounded-l-sm font-semibold text-accent-strong',
  range_end: 'rounded-r-sm font-semibold text-accent-strong',
  today: 'underline underline-offset-4',
  outside: 'text-muted',
} as const;

/** Days from a calendar, times to the minute, by the clock that the app shows. */
export function AbsoluteRange({ search, onChoose }: AbsoluteRangeProps) {
  const { name: zone, choice } = useTimeZone();
  const [now] = useState(() => new Date());
  const [from, setFrom] = useState(() =>
    localOf(new Date(search.from ?? now.getTime() - 86_400_000), zone),
  );
  const [to, setTo] = useState(() => localOf(new Date(search.to ?? now), zone));
  const [start, end] = [instantOf(from, zone), instantOf(to, zone)];
  const wrong = Number.isNaN(start.getTime()) || Number.isNaN(end.getTime()) || start >= end;
  const label = choice === 'UTC' ? 'UTC' : zone;
  // The calendar counts in the browser's days; only their numbers are used.
  const dayOf = (local: string) => new Date(`${local.slice(0, 10)}T00:00`);
  // The end is not included: a range up to midnight ends with the day before.
  const lastDayBefore = (local: string) =>
    dayOf(dateOf(new Date(new Date(local).getTime() - 60_000)));
  const dateOf = (day: Date) =>
    `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong) onChoose({ from: start.toISOString(), to: end.toISOString() });
      }}
    >
      <DayPicker
        mode="range"
        weekStartsOn={1}
        showOutsideDays
        defaultMonth={dayOf(from)}
        selected={{ from: dayOf(from), to: lastDayBefore(to) }}
        onSelect={(days) => {
          if (days?.from) setFrom(`${dateOf(days.from)}T00:00`);
          if (days?.to) setTo(`${dateOf(new Date(days.to.getTime() + 36 * 3_600_000))}T00:00`);
        }}
        classNames={CALENDAR}
        components={{ Chevron }}
        labels={{ labelDayButton: dayLabel }}
      />
      <div className="grid grid-cols-2 gap-2">
        <Field label={`From (${label})`}>
          <TextInput
            type="datetime-local"
            className="text-sm"
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
        </Field>
        <Field label={`To, before (${label})`}>
          <TextInput
            type="datetime-local"
            className="text-sm"
            value={to}
            onChange={(event) => setTo(event.target.value)}
          />
        </Field>
      </div>
      <p className="text-xs text-muted">The start is included, the end is not.</p>
      <Button
        type="submit"
        variant="primary"
        disabledReason={wrong ? 'The start must be before the end' : null}
      >
        Show this range
      </Button>
    </form>
  );
}

/** Begins with the number that is seen. */
function dayLabel(day: Date, { selected }: { readonly selected?: boolean }): string {
  const text = day.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
  return selected === true ? `${text}, chosen` : text;
}

function Chevron({ orientation }: { readonly orientation?: 'up' | 'down' | 'left' | 'right' }) {
  const Icon = orientation === 'left' ? ChevronLeft : ChevronRight;
  return <Icon aria-hidden size={16} />;
}
