import type { EventQuery } from '../../api/event-query.ts';
import { rangeText } from '../../../../contract/time-range.ts';

/** The time of a filter: a relative range, or from and to; none of them is all time. */
export interface TimeChoice {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly range?: EventQuery['range'] | undefined;
}

/** Tells times apart: `7d`, `previous:month`, `all`, or both ends. */
export function timeKey({ from, to, range }: TimeChoice): string {
  if (range !== undefined) return rangeText(range);
  return from === undefined && to === undefined ? 'all' : `${from ?? ''}/${to ?? ''}`;
}

export function sameTime(a: TimeChoice, b: TimeChoice): boolean {
  return timeKey(a) === timeKey(b);
}

/** The `filters` that, laid over a stored query, give it this time and no other. */
export function timeOverlay({ from, to, range }: TimeChoice) {
  return { from: from ?? null, to: to ?? null, range: range ?? null };
}
