import type { EventQuery } from '../api/event-query.ts';
import { filterOptionsQuery } from '../api/events.ts';
import { useQuery } from '@tanstack/react-query';
import { relativeRangeText } from '../events/describe-query.ts';
import { parseRange, rangeText } from '../events/event-search.ts';
import { formatCount } from '../format/numbers.ts';
import { FacetPicker } from '../pages/events/filters/facet-picker.tsx';
import { useMe } from '../session/session.tsx';
import { Field, Select } from '../ui/field.tsx';
import { FilterSummary } from './filter-summary.tsx';

interface FilterEditorProps {
  readonly query: EventQuery;
  readonly onChange: (query: EventQuery) => void;
}

const RANGES = [
  '24h',
  '7d',
  '30d',
  '90d',
  'previous:day',
  'previous:week',
  'previous:month',
] as const;

/** Time, workspace, category and action, without the explorer; what else is set is shown and kept. */
export function FilterEditor({ query, onChange }: FilterEditorProps) {
  const me = useMe();
  const { categories: _categories, actions: _actions, ...others } = query;
  const { search: _search, metadata: _metadata, ...countable } = others;
  const options = useQuery(filterOptionsQuery(countable));
  const set = (change: { readonly [Field in keyof EventQuery]: EventQuery[Field] | undefined }) => {
    const entries = Object.entries({ ...query, ...change }).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    );
    onChange(Object.fromEntries(entries));
  };
  const absolute = query.from !== undefined || query.to !== undefined;
  const range =
    query.range === undefined ? (absolute ? 'absolute' : 'all') : rangeText(query.range);
  const choices = (values: readonly { value: string; count: number }[] = []) =>
    values.map(({ value, count }) => ({ value, label: value, detail: formatCount(count) }));
  return (
    <div className="grid gap-3">
      <Field label="Time">
        <Select
          className="w-full"
          value={range}
          onChange={({ target }) =>
            target.value !== 'absolute' &&
            set({ from: undefined, to: undefined, range: parseRange(target.value) })
          }
        >
          {[...new Set([...RANGES, ...(query.range ? [range] : [])])].map((value) => {
            const parsed = parseRange(value);
            return (
              <option key={value} value={value}>
                {parsed === undefined ? value : relativeRangeText(parsed)}
              </option>
            );
          })}
          <option value="all">All time</option>
          {absolute && <option value="absolute">As it was</option>}
        </Select>
      </Field>
      <div className="flex flex-wrap gap-2">
        <FacetPicker
          name="Workspace"
          plural="workspaces"
          choices={me.workspaces.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={query.workspaceIds ?? []}
          single={!me.permissions.companyWide}
          onChange={(workspaceIds) => set({ workspaceIds })}
        />
        <FacetPicker
          name="Category"
          plural="categories"
          freeText
          choices={choices(options.data?.categories)}
          chosen={query.categories ?? []}
          onChange={(categories) => set({ categories })}
        />
        <FacetPicker
          name="Action"
          plural="actions"
          freeText
          choices={choices(options.data?.actions)}
          chosen={query.actions ?? []}
          onChange={(actions) => set({ actions })}
        />
      </div>
      <FilterSummary query={query} />
    </div>
  );
}
