import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Evidence } from '../../api/evidence.ts';
import { apiKeysQuery } from '../../api/keys.ts';
import { membersQuery } from '../../api/people.ts';
import { WhoSelect } from '../../shell/who-select.tsx';
import { formatInstant } from '../../time/format-time.ts';
import { useTimeZone } from '../../time/time-zone.tsx';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Select } from '../../ui/form/field.tsx';
import { shortId } from '../../format/numbers.ts';
import { FacetPicker } from '../../ui/form/facet-picker.tsx';
import type { EvidenceSearch } from './evidence-search.ts';
import { EVIDENCE_WORDS } from './evidence-words.ts';

const DAYS = [1, 7, 30, 90, 365] as const;
const DAY_MS = 86_400_000;

interface EvidenceFiltersProps {
  readonly search: EvidenceSearch;
  /** The rows on the page; former members in them can be chosen too. */
  readonly rows: readonly Evidence[];
  readonly onChange: (next: EvidenceSearch) => void;
}

export function EvidenceFilters({ search, rows, onChange }: EvidenceFiltersProps) {
  const members = useQuery(membersQuery);
  const keys = useQuery(apiKeysQuery);
  const { name: zone } = useTimeZone();
  // The start of a "last N days" choice is fixed when it is chosen; any other start comes from the address.
  const [chosen, setChosen] = useState<{ days: string; from: string }>();
  const when =
    search.from === undefined ? '' : chosen?.from === search.from ? chosen.days : 'since';
  const set = (
    change: { readonly [Name in keyof EvidenceSearch]: EvidenceSearch[Name] | undefined },
  ) => {
    const { cursor: _cursor, row: _row, ...kept } = search;
    onChange(
      Object.fromEntries(
        Object.entries({ ...kept, ...change }).filter(
          ([, value]) =>
            value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
        ),
      ),
    );
  };
  // Keyed by ID, because labels are not unique.
  const people = new Map(members.data?.data.map(({ userId, email }) => [userId, email]));
  const apiKeys = new Map(keys.data?.data.map(({ id, name }) => [id, name]));
  for (const { user } of rows) {
    // A malformed row is reported in the list and must not break the filters.
    if (user?.type === 'user') people.set(user.id, user.label);
    if (user?.type === 'api_key') apiKeys.set(user.id, user.label);
  }
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 py-3 lg:px-6">
      <WhoSelect
        label="Actor"
        value={search.user}
        people={people}
        apiKeys={apiKeys}
        unknown={search.user ?? ''}
        onChange={(user) => set({ user })}
      />
      <FacetPicker
        name="Activity"
        plural="activities"
        choices={Object.entries(EVIDENCE_WORDS).map(([value, { label, group }]) => ({
          value,
          label,
          detail: group,
        }))}
        chosen={search.type ?? []}
        onChange={(type) => set({ type })}
      />
      <Select
        aria-label="Time"
        value={when}
        onChange={({ target: { value: days } }) => {
          if (days === '') {
            set({ from: undefined, to: undefined });
            return;
          }
          const from = new Date(Date.now() - Number(days) * DAY_MS).toISOString();
          setChosen({ days, from });
          set({ from, to: undefined });
        }}
      >
        <option value="">Any time</option>
        {DAYS.map((count) => (
          <option key={count} value={count}>
            {count === 1 ? 'Last day' : `Last ${count} days`}
          </option>
        ))}
        {when === 'since' && search.from !== undefined && (
          <option value="since">{`Since ${formatInstant(new Date(search.from), zone)}`}</option>
        )}
      </Select>
      {search.to !== undefined && (
        <Chip
          name="Until"
          value={formatInstant(new Date(search.to), zone)}
          onRemove={() => set({ to: undefined })}
        />
      )}
      {search.jobId !== undefined && (
        <Chip
          name="Export"
          value={shortId(search.jobId)}
          onRemove={() => set({ jobId: undefined })}
        />
      )}
      {Object.keys(search).some((name) => name !== 'row' && name !== 'cursor') && (
        <Button variant="ghost" onClick={() => onChange({})}>
          Reset
        </Button>
      )}
    </div>
  );
}
