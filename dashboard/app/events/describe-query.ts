import { FILTER_FIELDS } from '../../../contract/filter-fields.ts';
import type { EventQuery, MetadataCondition, RelativeRange } from '../api/event-query.ts';
import { visibleValue } from '../format/visible-text.ts';
import { formatRange, isWholeDays } from '../time/format-range.ts';
import { formatInstant } from '../time/format-time.ts';

/** One filter in words: `Category: auth or billing`. `field` is the part of the EventQuery it describes. */
export interface FilterPhrase {
  readonly field: keyof EventQuery;
  readonly name: string;
  readonly value: string;
  /** Index of the phrase, for fields with several phrases. */
  readonly index?: number;
}

interface Words {
  /** IANA name of the time zone for times. */
  readonly zone: string;
  readonly workspaceName: (id: string) => string;
}

/** Describes a filter in words, with the time range last. Without filters, the range is the only phrase. */
export function describeQuery(query: EventQuery, words: Words): readonly FilterPhrase[] {
  const phrases: FilterPhrase[] = [];
  for (const { field, label } of FILTER_FIELDS) {
    const values = query[field];
    if (values === undefined) continue;
    const shown = field === 'workspaceIds' ? values.map(words.workspaceName) : values;
    phrases.push({ field, name: label, value: orList(shown) });
  }
  if (query.receivedFrom !== undefined || query.receivedTo !== undefined) {
    const received = receivedText(query, words.zone);
    const field = query.receivedFrom === undefined ? 'receivedTo' : 'receivedFrom';
    phrases.push({ field, name: 'Received', value: received });
  }
  if (query.search !== undefined)
    phrases.push({ field: 'search', name: 'Search', value: `“${query.search}”` });
  for (const [index, condition] of (query.metadata ?? []).entries())
    phrases.push({ field: 'metadata', name: 'Metadata', value: conditionText(condition), index });
  phrases.push({ field: 'range', name: 'Time', value: timeText(query, words.zone) });
  return phrases;
}

/** Removes the filter that a phrase describes. */
export function withoutPhrase(query: EventQuery, { field, index }: FilterPhrase): EventQuery {
  const rest: { -readonly [Field in keyof EventQuery]: EventQuery[Field] } = { ...query };
  delete rest[field];
  // Both bounds of the time received share one phrase.
  if (field === 'receivedFrom') delete rest.receivedTo;
  const metadata = query.metadata?.filter((_, at) => at !== index) ?? [];
  return field === 'metadata' && metadata.length > 0 ? { ...rest, metadata } : rest;
}

/** `a`, `a or b`, `a, b or c`, `a, b or 2 more` */
function orList(values: readonly string[]): string {
  if (values.length <= 1) return values[0] ?? '';
  const shown = values.slice(0, values.length === 3 ? 3 : 2);
  const rest = values.length - shown.length;
  const last = rest > 0 ? `${rest} more` : shown.pop();
  return `${shown.join(', ')} or ${last}`;
}

function conditionText({ path, op, value }: MetadataCondition): string {
  if (op === 'exists') return `${path} exists`;
  return `${path} ${op === 'eq' ? '=' : 'contains'} ${JSON.stringify(value)}`;
}

const UNITS: Readonly<Record<string, string>> = { m: 'minute', h: 'hour', d: 'day', w: 'week' };

/** `Last 24 hours`, `Previous month (UTC)` */
function relativeRangeText(range: RelativeRange): string {
  if ('previous' in range) {
    return range.previous === 'day' ? 'Yesterday (UTC)' : `Previous ${range.previous} (UTC)`;
  }
  const count = Number.parseInt(range.last, 10);
  const unit = UNITS[range.last.slice(-1)] ?? '';
  return count === 1 ? `Last ${unit}` : `Last ${count} ${unit}s`;
}

/** The time range of a filter in words. */
export function timeText({ from, to, range }: EventQuery, zone: string): string {
  if (range !== undefined) return relativeRangeText(range);
  const show = (time: string) => {
    const at = new Date(time);
    // The filter of a rejected request may contain anything.
    return Number.isNaN(at.getTime()) ? visibleValue(time) : formatInstant(at, zone);
  };
  if (from !== undefined && to !== undefined)
    return isWholeDays({ from, to }, zone)
      ? formatRange({ from, to }, zone)
      : `${show(from)} – ${show(to)} (exclusive)`;
  if (from !== undefined) return `Since ${show(from)}`;
  return to === undefined ? 'All time' : `Before ${show(to)}`;
}

/** The range of the time received in words. */
function receivedText({ receivedFrom, receivedTo }: EventQuery, zone: string): string {
  return timeText(
    {
      ...(receivedFrom !== undefined && { from: receivedFrom }),
      ...(receivedTo !== undefined && { to: receivedTo }),
    },
    zone,
  );
}
