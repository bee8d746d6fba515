import { useQuery } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useRef, useState } from 'react';
import { filterOptionsQuery, type FilterOption } from '../../api/events.ts';
import { type EventSearch, lockedWorkspace, queryOfSearch } from '../../events/event-search.ts';
import { formatCount } from '../../format/numbers.ts';
import { useMe } from '../../session/session.tsx';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { withFilter } from './cell-filter.ts';
import { AddFilter } from './filters/add-filter.tsx';
import { FacetPicker } from '../../ui/form/facet-picker.tsx';
import { FilterChips } from './filters/filter-chips.tsx';
import { RangePicker } from './filters/range-picker.tsx';
import { SearchBox } from './filters/search-box.tsx';

interface FilterBarProps {
  readonly search: EventSearch;
  readonly onChange: (next: EventSearch) => void;
  /** Shows this search and drops ignored parameters from the address. */
  readonly onReset: (next: EventSearch) => void;
  /** True if there is more to reset than the filters, such as ignored parameters. */
  readonly isResettable: boolean;
  /** True once the rows have loaded or failed; the counts in the menus are requested only then. */
  readonly settled: boolean;
}

/** The search box, time range, filter menus and active filters. */
export function FilterBar({ search, onChange, onReset, isResettable, settled }: FilterBarProps) {
  const me = useMe();
  const searchBox = useRef<HTMLInputElement>(null);
  const [adding, setAdding] = useState(false);
  useShortcuts({
    '/': (event) => {
      event.preventDefault();
      searchBox.current?.focus();
    },
    f: (event) => {
      event.preventDefault();
      setAdding(true);
    },
  });
  const options = useQuery({
    ...filterOptionsQuery(optionsQuery(search, me)),
    enabled: settled,
  });
  const set = (change: Partial<Record<keyof EventSearch, unknown>>) =>
    onChange(withFilter(search, change));
  const locked = lockedWorkspace(search, me);
  const workspaces = me.workspaces.map(({ id, name }) => ({ value: id, label: name }));
  const cleared = resetSearch(search, locked !== undefined);
  const canReset =
    isResettable || Object.keys(cleared).length !== Object.keys(withFilter(search, {})).length;
  return (
    <div className="grid gap-2 px-4 py-3 lg:px-6">
      <div className="flex flex-wrap items-center gap-2">
        <SearchBox
          ref={searchBox}
          value={search.q ?? ''}
          onChange={(q) => set({ q: q === '' ? undefined : q })}
        />
        <RangePicker search={search} onChange={onChange} />
        {(locked === undefined || workspaces.length > 1) && (
          <FacetPicker
            name="Workspace"
            plural="workspaces"
            choices={workspaces}
            chosen={locked === undefined ? (search.workspace ?? []) : [locked]}
            single={locked !== undefined}
            onChange={(workspace) => set({ workspace })}
          />
        )}
        <FacetPicker
          name="Category"
          plural="categories"
          freeText
          busy={options.isPending}
          choices={choicesOf(options.data?.categories)}
          chosen={search.category ?? []}
          onChange={(category) => set({ category })}
        />
        <FacetPicker
          name="Action"
          plural="actions"
          freeText
          busy={options.isPending}
          choices={choicesOf(options.data?.actions)}
          chosen={search.action ?? []}
          onChange={(action) => set({ action })}
        />
        <AddFilter search={search} onChange={onChange} open={adding} onOpenChange={setAdding} />
        <Button
          variant="ghost"
          icon={RotateCcw}
          className="ml-auto"
          disabledReason={canReset ? null : 'No filters to reset'}
          onClick={() => onReset(cleared)}
        >
          Reset
        </Button>
      </div>
      <div className="flex flex-wrap gap-1.5 empty:hidden">
        <FilterChips search={search} onChange={onChange} />
      </div>
    </div>
  );
}

/** The search without filters. Display options stay, and so does the workspace that a member has chosen. */
function resetSearch(
  { order, sort, pageSize, ref, workspace }: EventSearch,
  locked: boolean,
): EventSearch {
  return withFilter({}, { order, sort, pageSize, ref, workspace: locked ? workspace : undefined });
}

/**
 * The query behind the menus' counts: only filters that the rollup answers quickly (time, workspace, category,
 * action).
 */
function optionsQuery(search: EventSearch, me: Parameters<typeof queryOfSearch>[1]) {
  const { workspace, category, action, from, to, range } = search;
  return queryOfSearch(withFilter({}, { workspace, category, action, from, to, range }), me);
}

function choicesOf(options: readonly FilterOption[] = []) {
  return options.map(({ value, count }) => ({ value, label: value, detail: formatCount(count) }));
}
