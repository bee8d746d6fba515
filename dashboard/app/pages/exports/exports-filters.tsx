import type { ExportJob } from '../../api/exports.ts';
import { EXPORT_STATES, EXPORT_STATUSES } from '../../exports/export-state.ts';
import { useMe } from '../../session/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/form/field.tsx';
import { FacetPicker } from '../../ui/form/facet-picker.tsx';
import type { ExportsSearch } from './exports-search.ts';
import { RequesterFilter } from './requester-filter.tsx';

interface ExportsFiltersProps {
  readonly search: ExportsSearch;
  /** The jobs on the page. */
  readonly jobs: readonly ExportJob[];
  readonly onChange: (next: ExportsSearch) => void;
}

export function ExportsFilters({ search, jobs, onChange }: ExportsFiltersProps) {
  const me = useMe();
  const set = (
    change: { readonly [Name in keyof ExportsSearch]: ExportsSearch[Name] | undefined },
  ) => {
    const { cursor: _cursor, ...kept } = search;
    onChange(
      Object.fromEntries(
        Object.entries({ ...kept, ...change }).filter(
          ([, value]) =>
            value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
        ),
      ),
    );
  };
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 py-3 lg:px-6">
      <FacetPicker
        name="Status"
        plural="statuses"
        choices={EXPORT_STATUSES.map((status) => ({
          value: status,
          label: EXPORT_STATES[status].label,
        }))}
        chosen={search.status ?? []}
        onChange={(status) => set({ status })}
      />
      <Select
        aria-label="Format"
        value={search.format ?? ''}
        onChange={({ target }) =>
          set({
            format: target.value === 'CSV' || target.value === 'JSONL' ? target.value : undefined,
          })
        }
      >
        <option value="">Any format</option>
        <option>JSONL</option>
        <option>CSV</option>
      </Select>
      <RequesterFilter
        value={search.requestedBy}
        jobs={jobs}
        onChange={(requestedBy) => set({ requestedBy })}
      />
      <Select
        aria-label="Workspace"
        value={search.workspace ?? ''}
        onChange={({ target }) => set({ workspace: target.value })}
      >
        <option value="">Any workspace</option>
        {me.workspaces.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      {Object.keys(search).length > 0 && (
        <Button variant="ghost" onClick={() => onChange({})}>
          Reset
        </Button>
      )}
    </div>
  );
}
