import type { EventQuery } from '../../api/event-query.ts';
import type { NewExport } from '../../api/exports.ts';

/**
 * The `filters` that turn a view's query into exactly `query`: all fields of `query`, and null for each field that
 * only the view has.
 */
export function filtersOverView(
  query: EventQuery,
  view: EventQuery,
): NonNullable<NewExport['filters']> {
  const { version: _version, ...fields } = query;
  const cleared: Record<string, null> = {};
  for (const name of Object.keys(view)) {
    if (!(name in fields) && !NOT_FILTERS.has(name)) cleared[name] = null;
  }
  return { ...fields, ...cleared };
}

const NOT_FILTERS: ReadonlySet<string> = new Set(['version', 'sort', 'order', 'pageSize']);
