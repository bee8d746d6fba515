import { Calendar, ChevronDown } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { timeText } from '../../../events/describe-query.ts';
import { parseRange } from '../../../../../contract/time-range.ts';
import { DEFAULT_RANGE, type EventSearch } from '../../../events/event-search.ts';
import { formatRange } from '../../../time/format-range.ts';
import { useTimeZone } from '../../../time/time-zone.tsx';
import { Button, buttonClass } from '../../../ui/button.tsx';
import { classNames } from '../../../ui/class-names.ts';
import { Field, TextInput } from '../../../ui/form/field.tsx';
import { Popover } from '../../../ui/overlay/popover.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { withFilter } from '../cell-filter.ts';
import { readTypedRange } from './typed-range.ts';
import { resolveLocal } from './zoned-time.ts';

/** The calendar is loaded when the picker is first opened. */
const AbsoluteRange = lazy(async () => ({
  default: (await import('./absolute-range.tsx')).AbsoluteRange,
}));

const PRESETS = [
  ['15m', 'Last 15 minutes'],
  ['1h', 'Last hour'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
  ['90d', 'Last 90 days'],
  ['previous:day', 'Yesterday (UTC)'],
  ['previous:week', 'Previous week (UTC)'],
  ['previous:month', 'Previous month (UTC)'],
  ['all', 'All time'],
] as const;

interface RangePickerProps {
  readonly search: EventSearch;
  readonly onChange: (next: EventSearch) => void;
}

/** Chooses the time range from presets, typed text or a calendar. */
export function RangePicker({ search, onChange }: RangePickerProps) {
  const [open, setOpen] = useState(false);
  const { name: zone } = useTimeZone();
  const range = search.range ?? DEFAULT_RANGE;
  const absolute = search.from !== undefined || search.to !== undefined;
  const choose = (change: Partial<Record<'range' | 'from' | 'to', string>>) => {
    const { range: next, from, to } = change;
    onChange(withFilter(search, { range: next === DEFAULT_RANGE ? undefined : next, from, to }));
    setOpen(false);
  };
  return (
    <Popover
      label="Time range"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          className={classNames(buttonClass(), 'max-w-full')}
          aria-label={`Time range: ${shownRange(search, zone)}`}
        >
          <Calendar aria-hidden size={15} className="text-muted" />
          <span className="truncate">{shownRange(search, zone)}</span>
          <ChevronDown aria-hidden size={14} className="text-muted" />
        </button>
      }
    >
      <div className="flex max-sm:flex-col">
        <div className="w-52 border-r p-1 max-sm:w-full max-sm:border-r-0 max-sm:border-b">
          <ul className="max-sm:grid max-sm:grid-cols-2">
            {PRESETS.map(([value, label]) => (
              <li key={value}>
                <button
                  type="button"
                  aria-current={!absolute && range === value ? 'true' : undefined}
                  onClick={() => choose({ range: value })}
                  className="flex h-8 w-full items-center rounded-sm px-2 text-left text-sm hover:bg-raised aria-[current]:bg-accent-tint aria-[current]:font-medium"
                >
                  {label}
                </button>
              </li>
            ))}
          </ul>
        </div>
        <div className="grid w-96 content-start gap-3 p-3 max-sm:w-full">
          <TypedRangeField onChoose={choose} />
          <Suspense fallback={<Skeleton className="h-95" />}>
            <AbsoluteRange search={search} onChoose={choose} />
          </Suspense>
        </div>
      </div>
    </Popover>
  );
}

function TypedRangeField({
  onChoose,
}: {
  readonly onChoose: (change: { range?: string; from?: string; to?: string }) => void;
}) {
  const [text, setText] = useState('');
  const { name: zone } = useTimeZone();
  const read = readTypedRange(text, (local) => resolveLocal(local, zone));
  const wrong = 'problem' in read;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong) onChoose(read);
      }}
    >
      <Field
        label="Custom range"
        hint={
          // Always two lines high, so that the calendar below does not move.
          <span className="block min-h-8 whitespace-pre-line">
            {wrong ? read.problem : `Means: ${meaning(read, zone)}${noteOf(read)}`}
          </span>
        }
      >
        <span className="flex gap-2">
          <TextInput
            placeholder="3d"
            className="min-w-0"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Button
            type="submit"
            disabledReason={
              !wrong ? null : text.trim() === '' ? 'Enter a range first' : read.problem
            }
          >
            Apply
          </Button>
        </span>
      </Field>
    </form>
  );
}

function noteOf(read: { readonly note?: string } | { readonly range: string }): string {
  return 'note' in read && read.note !== undefined ? `. ${read.note}` : '';
}

function meaning(
  read: { readonly range: string } | { readonly from: string; readonly to?: string },
  zone: string,
): string {
  if ('from' in read) return timeText(read, zone);
  const range = parseRange(read.range);
  return timeText(range === undefined ? {} : { range }, zone);
}

/** The label of the button. */
function shownRange({ range, from, to }: EventSearch, zone: string): string {
  if (from !== undefined || to !== undefined) {
    return formatRange({ from, to }, zone);
  }
  return (
    PRESETS.find(([value]) => value === (range ?? DEFAULT_RANGE))?.[1] ??
    meaning({ range: range ?? DEFAULT_RANGE }, zone)
  );
}
