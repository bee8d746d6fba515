import { useState } from 'react';
import { boundsAt } from '../../../api/event-query.ts';
import { parseRange } from '../../../events/event-parameters.ts';
import { DEFAULT_RANGE, type EventSearch } from '../../../events/event-search.ts';
import { useTimeZone } from '../../../time/time-zone.tsx';
import { Button } from '../../../ui/button.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';
import { RangeCalendar } from './range-calendar.tsx';
import { dayAfter, readMoment } from './typed-range.ts';
import { instantOf, localOf } from './zoned-time.ts';

interface AbsoluteRangeProps {
  readonly search: EventSearch;
  readonly onChoose: (change: { from: string; to: string }) => void;
  readonly submitLabel?: string;
}

const SUCH_AS = 'Such as 2026-05-14 12:00';
const MINUTE_MS = 60_000;

/**
 * What the range in force means now, to be changed by a calendar or by typing, on the clock that the app shows.
 * Typed as text: the browser's own time control has the order and the twelve hours of its language.
 */
export function AbsoluteRange({
  search,
  onChoose,
  submitLabel = 'Show this range',
}: AbsoluteRangeProps) {
  const { name: zone, choice } = useTimeZone();
  const [now] = useState(() => new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS));
  const shown = boundsShown(search, now);
  const [from, setFrom] = useState(() => localOf(shown.from, zone));
  const [to, setTo] = useState(() => localOf(shown.to, zone));
  const read = (text: string) => readMoment(text.trim(), (local) => instantOf(local, zone))?.at;
  const [start, end] = [read(from), read(to)];
  const label = choice === 'UTC' ? 'UTC' : zone;
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        // It may be opened from a form: that one is not meant.
        event.stopPropagation();
        if (start !== undefined && end !== undefined && start < end)
          onChoose({ from: start.toISOString(), to: end.toISOString() });
      }}
    >
      <RangeCalendar
        first={start && localOf(start, zone).slice(0, 10)}
        // The end is not included: a range up to midnight ends with the day before.
        last={end && localOf(new Date(end.getTime() - 1), zone).slice(0, 10)}
        today={localOf(now, zone).slice(0, 10)}
        onChoose={({ first, last }) => {
          setFrom(`${first} 00:00`);
          setTo(`${dayAfter(last, 1)} 00:00`);
        }}
      />
      <div className="grid grid-cols-2 items-start gap-2">
        <Field label={`From (${label})`} error={start === undefined ? SUCH_AS : null}>
          <TextInput
            className="text-sm tabular-nums"
            maxLength={19}
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
        </Field>
        <Field label={`To, before (${label})`} error={end === undefined ? SUCH_AS : null}>
          <TextInput
            className="text-sm tabular-nums"
            maxLength={19}
            value={to}
            onChange={(event) => setTo(event.target.value)}
          />
        </Field>
      </div>
      <p className="text-xs text-muted">The start is included, the end is not.</p>
      <Button type="submit" variant="primary" disabledReason={objection(start, end)}>
        {submitLabel}
      </Button>
    </form>
  );
}

function objection(start: Date | undefined, end: Date | undefined): string | null {
  if (start === undefined || end === undefined) return 'Both times are needed';
  return start < end ? null : 'The start must be before the end';
}

/** What the range in force means now; where it is open, the last day of it. */
function boundsShown({ range, from, to }: EventSearch, now: Date): { from: Date; to: Date } {
  const parsed = parseRange(range ?? DEFAULT_RANGE);
  const absolute = from !== undefined || to !== undefined;
  const bounds = boundsAt(
    {
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(!absolute && parsed && { range: parsed }),
    },
    now,
  );
  const end = bounds.to === undefined ? now : new Date(bounds.to);
  return { from: new Date(bounds.from ?? end.getTime() - 24 * 60 * MINUTE_MS), to: end };
}
