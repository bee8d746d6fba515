import { FILTER_FIELDS } from '../../../../contract/filter-fields.ts';
import { EVENT_QUERY_FIELDS, tooLarge } from '../../events/query/event-query-schema.ts';
import { parseEventQuery } from '../../events/query/parse-event-query.ts';
import type { EventQuery } from '../../../../contract/event-query.ts';
import { shortName } from '../../../../contract/field-errors.ts';
import { unknownField } from '../../events/json/strict-fields.ts';
import { validationProblem } from '../../events/query/validation-problem.ts';

/** The `filters` of a request: fields that it sets, and fields that it clears with null. */
export interface FilterOverlay {
  readonly given: EventQuery;
  readonly cleared: ReadonlySet<keyof EventQuery>;
}

const NO_OVERLAY: FilterOverlay = { given: { version: 1 }, cleared: new Set() };

/** `category` → `categories` */
const LIST_OF = new Map<string, string>(FILTER_FIELDS.map(({ field, single }) => [single, field]));

/**
 * A stored query overlaid field by field by a request's filters: a field of the request wins, and null clears the
 * field. The time range is one unit: `range` replaces from and to, and from or to replace `range`. The caller's scope
 * is not applied; the workspaces in the result are checked afterwards.
 * @throws Problem VALIDATION_FAILED if from is not before to in the result
 */
export function mergeFilters(stored: EventQuery, { given, cleared }: FilterOverlay): EventQuery {
  const merged: Record<string, unknown> = { ...stored };
  for (const name of cleared) delete merged[name];
  if (given.range !== undefined) {
    delete merged['from'];
    delete merged['to'];
  }
  if (given.from !== undefined || given.to !== undefined) delete merged['range'];
  const result = parseEventQuery({ ...merged, ...given });
  // A view stored by an earlier version may be larger and must keep working unchanged.
  if (Object.keys(given).length > 1) requireSize(result);
  return result;
}

/** @throws Problem VALIDATION_FAILED for a document that is too large to be stored */
function requireSize(query: EventQuery): void {
  const message = tooLarge(query);
  if (message !== undefined) throw validationProblem([{ path: 'filters', message }]);
}

/**
 * Reads the `filters` of a request, which may hold nulls.
 * @throws Problem VALIDATION_FAILED, EMPTY_FILTER; a misspelt name is rejected even if its value is null
 */
export function parseOverlay(filters: unknown): FilterOverlay {
  if (filters === undefined || filters === null) return NO_OVERLAY;
  // The schema rejects anything but an object with its own message.
  if (typeof filters !== 'object' || Array.isArray(filters))
    return { given: parseEventQuery(filters), cleared: new Set() };
  const entries = Object.entries(filters);
  const nulls = entries.filter(([, value]) => value === null).map(([name]) => name);
  const given = parseEventQuery(Object.fromEntries(entries.filter(([, value]) => value !== null)));
  const cleared = new Set(nulls.map(clearedField));
  requireSize(given);
  for (const name of cleared)
    if (name !== 'version' && given[name] !== undefined) throw bothWays(name);
  return { given, cleared };
}

function clearedField(name: string): keyof EventQuery {
  const field = LIST_OF.get(name) ?? name;
  if (isField(field)) return field;
  const message = unknownField(name, [...EVENT_QUERY_FIELDS.keys()]);
  throw validationProblem([{ path: `filters.${shortName(name)}`, message }]);
}

function isField(name: string): name is keyof EventQuery {
  return EVENT_QUERY_FIELDS.has(name);
}

function bothWays(name: string) {
  const message = 'must not be given and cleared with null at once';
  return validationProblem([{ path: `filters.${name}`, message }]);
}
