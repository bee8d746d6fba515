import {
  canonicalOrder,
  type EventQuery,
  type ResolvedEventQuery,
} from '../../../../contract/event-query.ts';
import { rangeAt } from '../../../../contract/time-range.ts';
import { formatMicros } from '../ingest/timestamp.ts';

/** `query` with `range` replaced by the from and to that it means at `now`; canonical. */
export function resolveRange(query: EventQuery, now: Date): ResolvedEventQuery {
  const { range, ...fixed } = query;
  if (range === undefined) return fixed;
  const { fromMs, toMs } = rangeAt(range, now.getTime());
  const times = { from: formatMicros(fromMs * 1000), to: formatMicros(toMs * 1000) };
  const { range: _, ...resolved } = canonicalOrder({ ...fixed, ...times });
  return resolved;
}
