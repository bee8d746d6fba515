import type { EventQuery } from '../../api/event-query.ts';
import { rangeText } from '../../../../contract/time-range.ts';

/** The time of a filter: a relative range, or from and to. None of them means all time. */
export interface TimeChoice {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly range?: EventQuery['range'] | undefined;
}

/** A string key for a time: `7d`, `previous:month`, `all`, or both bounds. */
export function timeKey({ from, to, range }: TimeChoice): string {
  if (range !== undefined) return rangeText(range);
  return from === undefined && to === undefined ? 'all' : `${from ?? ''}/${to ?? ''}`;
}

export function sameTime(a: TimeChoice, b: TimeChoice): boolean {
  return timeKey(a) === timeKey(b);
}

/** The `filters` that replace the time of a stored query. */
export function timeOverlay({ from, to, range }: TimeChoice) {
  return { from: from ?? null, to: to ?? null, range: range ?? null };
}
