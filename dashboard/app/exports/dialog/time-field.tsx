import { lazy, Suspense, useState } from 'react';
import type { EventQuery } from '../../api/event-query.ts';
import { timeText } from '../../events/describe-query.ts';
import { parseRange } from '../../../../contract/time-range.ts';
import { searchOfQuery } from '../../events/event-search.ts';
import { useTimeZone } from '../../time/time-zone.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Field, Select } from '../../ui/form/field.tsx';
import { Popover } from '../../ui/overlay/popover.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { sameTime, timeKey, type TimeChoice } from './time-choice.ts';

/** The calendar is loaded when it is first opened. */
const AbsoluteRange = lazy(async () => ({
  default: (await import('../../pages/events/filters/absolute-range.tsx')).AbsoluteRange,
}));

const PRESETS = [
  '24h',
  '7d',
  '30d',
  '90d',
  'previous:day',
  'previous:week',
  'previous:month',
] as const;

interface TimeFieldProps {
  readonly query: EventQuery;
  /** The initial time, which stays among the choices. */
  readonly start: EventQuery;
  /** Label of the initial time, such as "Template default"; default: the time itself. */
  readonly startLabel?: string;
  readonly hint?: string;
  readonly onChange: (time: TimeChoice) => void;
}

/** The time range of an export or template: a preset, the initial one, or custom dates. */
export function TimeField({ query, start, startLabel, hint, onChange }: TimeFieldProps) {
  const { name: zone } = useTimeZone();
  const [open, setOpen] = useState(false);
  const times = new Map<string, TimeChoice>();
  for (const preset of PRESETS) {
    const range = parseRange(preset);
    if (range !== undefined) times.set(preset, { range });
  }
  for (const { from, to, range } of [{}, start, query] satisfies EventQuery[])
    times.set(timeKey({ from, to, range }), { from, to, range });
  const labelOf = (time: TimeChoice) =>
    startLabel !== undefined && sameTime(time, start)
      ? `${startLabel}: ${timeText(queryOfTime(time), zone)}`
      : timeText(queryOfTime(time), zone);
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <Field label="Time" {...(hint !== undefined && { hint })}>
          <Select
            className="w-full"
            value={timeKey(query)}
            onChange={({ target }) => {
              const time = times.get(target.value);
              if (time !== undefined) onChange(time);
            }}
          >
            {[...times].map(([key, time]) => (
              <option key={key} value={key}>
                {labelOf(time)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Popover
        label="Other dates"
        align="end"
        open={open}
        onOpenChange={setOpen}
        trigger={
          <button type="button" className={`${buttonClass()} mt-6.5`}>
            Other dates…
          </button>
        }
      >
        <div className="w-96 max-w-full p-3">
          <Suspense fallback={<Skeleton className="h-95" />}>
            <AbsoluteRange
              search={searchOfQuery(query)}
              submitLabel="Apply"
              onChoose={({ from, to }) => {
                onChange({ from, to, range: undefined });
                setOpen(false);
              }}
            />
          </Suspense>
        </div>
      </Popover>
    </div>
  );
}

function queryOfTime({ from, to, range }: TimeChoice): EventQuery {
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(range !== undefined && { range }),
  };
}
