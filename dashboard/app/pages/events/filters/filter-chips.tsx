import { FILTER_FIELDS } from '../../../../../contract/filter-fields.ts';
import { describeQuery } from '../../../events/describe-query.ts';
import { type EventSearch, lockedWorkspace } from '../../../events/event-search.ts';
import { useMe, useWorkspaceName } from '../../../session/session.tsx';
import { useTimeZone } from '../../../time/time-zone.tsx';
import { Chip } from '../../../ui/chip.tsx';
import { withFilter } from '../cell-filter.ts';
import { readConditions, removeCondition } from './metadata-conditions.ts';

interface FilterChipsProps {
  readonly search: EventSearch;
  readonly onChange: (next: EventSearch) => void;
}

/** The active filters as removable chips. A member's workspace can't be removed. */
export function FilterChips({ search, onChange }: FilterChipsProps) {
  const me = useMe();
  const workspaceName = useWorkspaceName();
  const { name: zone } = useTimeZone();
  const locked = lockedWorkspace(search, me);
  const { receivedFrom, receivedTo } = search;
  const received = describeQuery(
    { ...(receivedFrom && { receivedFrom }), ...(receivedTo && { receivedTo }) },
    { zone, workspaceName },
  ).find(({ name }) => name === 'Received');
  return (
    <>
      {locked !== undefined && (
        <Chip
          name="Workspace"
          value={workspaceName(locked)}
          lockedReason="Members view one workspace at a time"
        />
      )}
      {FILTER_FIELDS.map(({ parameter: name, label }) => {
        const values = search[name];
        if (values === undefined || (name === 'workspace' && locked !== undefined)) return null;
        const shown = name === 'workspace' ? values.map(workspaceName) : values;
        return (
          <Chip
            key={name}
            name={label}
            value={shown.join(', ')}
            onRemove={() => onChange(withFilter(search, { [name]: undefined }))}
          />
        );
      })}
      {received !== undefined && (
        <Chip
          name="Received"
          value={received.value}
          onRemove={() =>
            onChange(withFilter(search, { receivedFrom: undefined, receivedTo: undefined }))
          }
        />
      )}
      {search.q !== undefined && (
        <Chip
          name="Search"
          value={search.q}
          onRemove={() => onChange(withFilter(search, { q: undefined }))}
        />
      )}
      {readConditions(search.metadata).map((condition, index) => {
        const [phrase] = describeQuery({ metadata: [condition] }, { zone, workspaceName });
        return (
          <Chip
            // oxlint-disable-next-line react/no-array-index-key -- two conditions may be equal
            key={`metadata ${index}`}
            name="Metadata"
            value={phrase?.value ?? condition.path}
            onRemove={() =>
              onChange(withFilter(search, { metadata: removeCondition(search.metadata, index) }))
            }
          />
        );
      })}
    </>
  );
}
