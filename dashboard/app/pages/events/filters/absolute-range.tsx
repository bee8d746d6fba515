import { useState } from 'react';
import { boundsAt } from '../../../api/event-query.ts';
import { parseRange } from '../../../../../contract/time-range.ts';
import { DEFAULT_RANGE, type EventSearch } from '../../../events/event-search.ts';
import { formatRange, isWholeDays } from '../../../time/format-range.ts';
import { useTimeZone } from '../../../time/time-zone.tsx';
import { Button } from '../../../ui/button.tsx';
import { Field, TextInput } from '../../../ui/form/field.tsx';
import { Segmented } from '../../../ui/form/segmented.tsx';
import { RangeCalendar } from './range-calendar.tsx';
import { dayAfter, readMoment } from './typed-range.ts';
import { localOf, resolveLocal } from './zoned-time.ts';

interface AbsoluteRangeProps {
  readonly search: EventSearch;
  readonly onChoose: (change: { from: string; to: string }) => void;
  readonly submitLabel?: string;
}

const MINUTE_MS = 60_000;
const MODES = [
  { value: 'days', label: 'Whole days' },
  { value: 'times', label: 'Exact times' },
] as const;
type Mode = (typeof MODES)[number]['value'];

/**
 * Edits an absolute range by calendar or text, in the displayed time zone, starting from the current range. Whole
 * days include the last day; exact times exclude the end. Uses text inputs, because native date inputs follow the
 * browser's locale (field order, 12-hour clock).
 */
export function AbsoluteRange({
  search,
  onChoose,
  submitLabel = 'Apply dates',
}: AbsoluteRangeProps) {
  const { name: zone } = useTimeZone();
  const [now] = useState(() => new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS));
  const shown = boundsShown(search, now);
  const wholeDays = isWholeDays(isoOf(shown), zone);
  const [mode, setMode] = useState<Mode>(wholeDays ? 'days' : 'times');
  const [from, setFrom] = useState(() => textOf(shown.from, wholeDays, zone));
  const [to, setTo] = useState(() =>
    textOf(wholeDays ? new Date(shown.to.getTime() - 1) : shown.to, wholeDays, zone),
  );
  const read = (text: string) => readMoment(text.trim(), (local) => resolveLocal(local, zone));
  const [first, last] = [read(from), read(to)];
  const start = first?.at;
  // A date without a time is the whole day, in both modes.
  const end = last?.dayEnd ?? last?.at;
  const problem = first?.problem ?? last?.problem;
  const isValid = start !== undefined && end !== undefined && start < end && !problem;
  const such = mode === 'days' ? 'Use the form 2026-05-14' : 'Use the form 2026-05-14 12:00';
  const change = (next: Mode) => {
    setMode(next);
    if (start === undefined || end === undefined) return;
    setFrom(textOf(start, next === 'days', zone));
    setTo(textOf(next === 'days' ? new Date(end.getTime() - 1) : end, next === 'days', zone));
  };
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        // Don't submit a form around the popover.
        event.stopPropagation();
        if (isValid) onChoose({ from: start.toISOString(), to: end.toISOString() });
      }}
    >
      <RangeCalendar
        first={isValid ? localOf(start, zone).slice(0, 10) : undefined}
        // The end is exclusive: a range up to midnight ends with the previous day.
        last={isValid ? localOf(new Date(end.getTime() - 1), zone).slice(0, 10) : undefined}
        today={localOf(now, zone).slice(0, 10)}
        onChoose={(days) => {
          setFrom(mode === 'days' ? days.first : `${days.first} 00:00`);
          setTo(mode === 'days' ? days.last : `${dayAfter(days.last, 1)} 00:00`);
        }}
      />
      <Segmented label="Precision" value={mode} options={MODES} onChange={change} />
      <div className="grid grid-cols-2 items-start gap-2">
        <Field
          label={mode === 'days' ? `First day (${zone})` : `Start (${zone})`}
          error={start === undefined ? such : (first?.problem ?? null)}
          hint={first?.note}
        >
          <TextInput
            className="text-sm tabular-nums"
            maxLength={26}
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
        </Field>
        <Field
          label={mode === 'days' ? `Last day (${zone})` : `End, exclusive (${zone})`}
          error={end === undefined ? such : (last?.problem ?? null)}
          hint={last?.note}
        >
          <TextInput
            className="text-sm tabular-nums"
            maxLength={26}
            value={to}
            onChange={(event) => setTo(event.target.value)}
          />
        </Field>
      </div>
      <p className="min-h-4 text-xs text-muted" aria-live="polite">
        {isValid && formatRange(isoOf({ from: start, to: end }), zone)}
      </p>
      <Button
        type="submit"
        variant="primary"
        disabledReason={problem ?? objection(start, end, mode)}
      >
        {submitLabel}
      </Button>
    </form>
  );
}

function objection(start: Date | undefined, end: Date | undefined, mode: Mode): string | null {
  if (start === undefined || end === undefined)
    return mode === 'days' ? 'Enter both days' : 'Enter both times';
  if (start < end) return null;
  return mode === 'days'
    ? "The first day can't be after the last day"
    : 'The start must be before the end';
}

function textOf(at: Date, wholeDays: boolean, zone: string): string {
  const local = localOf(at, zone);
  return wholeDays ? local.slice(0, 10) : local;
}

function isoOf({ from, to }: { readonly from: Date; readonly to: Date }) {
  return { from: from.toISOString(), to: to.toISOString() };
}

/** The current range as absolute bounds; an open bound defaults to its last day. */
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
