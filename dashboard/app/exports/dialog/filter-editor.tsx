import type { EventQuery } from '../../api/event-query.ts';
import { filterOptionsQuery } from '../../api/events.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { withoutPhrase } from '../../events/describe-query.ts';
import { formatCount } from '../../format/numbers.ts';
import { FacetPicker } from '../../ui/form/facet-picker.tsx';
import { useMe } from '../../session/session.tsx';
import { FilterSummary } from '../filter-summary.tsx';
import { TimeField } from './time-field.tsx';

interface FilterEditorProps {
  readonly query: EventQuery;
  readonly onChange: (query: EventQuery) => void;
  /** If true, the workspace is chosen elsewhere in the form. */
  readonly inPlace?: boolean;
}

/** Fields with their own control; all others can only be removed. */
const EDITED: ReadonlySet<keyof EventQuery> = new Set([
  'range',
  'workspaceIds',
  'categories',
  'actions',
]);

/** Edits time, workspace, category and action outside the explorer. Other filters are shown and can be removed. */
export function FilterEditor({ query, onChange, inPlace = false }: FilterEditorProps) {
  const [start] = useState(query);
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
  const choices = (values: readonly { value: string; count: number }[] = []) =>
    values.map(({ value, count }) => ({ value, label: value, detail: formatCount(count) }));
  return (
    <div className="grid gap-3">
      <TimeField
        query={query}
        start={start}
        onChange={({ from, to, range }) => set({ from, to, range })}
      />
      <div className="flex flex-wrap gap-2">
        {!inPlace && (
          <FacetPicker
            name="Workspace"
            plural="workspaces"
            choices={me.workspaces.map(({ id, name }) => ({ value: id, label: name }))}
            chosen={query.workspaceIds ?? []}
            single={!me.permissions.companyWide}
            onChange={(workspaceIds) => set({ workspaceIds })}
          />
        )}
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
      <FilterSummary
        query={query}
        canRemove={({ field }) => !EDITED.has(field)}
        onRemove={(phrase) => onChange(withoutPhrase(query, phrase))}
      />
    </div>
  );
}
