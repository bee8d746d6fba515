import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Inbox, SearchX } from 'lucide-react';
import { eventsQuery } from '../../api/events.ts';
import { boundsAt } from '../../api/event-query.ts';
import { FILTER_FIELDS } from '../../../../contract/filter-fields.ts';
import { parseRange } from '../../../../contract/time-range.ts';
import {
  DEFAULT_RANGE,
  type EventSearch,
  lockedWorkspace,
  queryOfSearch,
} from '../../events/event-search.ts';
import { useMe } from '../../session/session.tsx';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { withFilter } from './cell-filter.ts';

interface NoEventsProps {
  readonly search: EventSearch;
  readonly onShow: (next: EventSearch) => void;
}

const WIDER = [
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
  ['all', 'All time'],
] as const;

/** The suggested ranges that start before the current one; none for "all time". */
function widerThan(search: EventSearch): readonly (typeof WIDER)[number][] {
  const now = new Date();
  const startOf = (range: string) => {
    const parsed = parseRange(range);
    return parsed === undefined ? undefined : boundsAt({ range: parsed }, now).from;
  };
  const { from, to, range = DEFAULT_RANGE } = search;
  const start = from === undefined && to === undefined ? startOf(range) : from;
  if (start === undefined) return range === 'all' ? [] : WIDER.slice(-1);
  return WIDER.filter(([wider]) => {
    const widerStart = startOf(wider);
    return widerStart === undefined || Date.parse(widerStart) < Date.parse(start);
  });
}

/** The empty state of the event list: no events exist yet, or no events match the filters. */
export function NoEvents({ search, onShow }: NoEventsProps) {
  const me = useMe();
  const workspace = lockedWorkspace(search, me);
  const everything = queryOfSearch(
    { range: 'all', ...(workspace !== undefined && { workspace: [workspace] }) },
    me,
  );
  const ever = useQuery(eventsQuery({ ...everything, pageSize: 10 }, { page: 1 }));
  // Render only after we know which case applies.
  if (ever.data === undefined && !ever.isError)
    return <div className="min-h-0 flex-1" aria-busy="true" />;
  if (ever.data?.total === 0)
    return <NothingEver workspaceId={workspace ?? me.workspaces[0]?.id ?? '<workspace id>'} />;
  const filters = FILTER_FIELDS.filter(
    ({ parameter: name }) =>
      search[name] !== undefined && !(name === 'workspace' && workspace !== undefined),
  );
  return (
    <EmptyState
      icon={SearchX}
      title="No events match"
      actions={
        <>
          {widerThan(search).map(([range, label]) => (
            <Button
              key={range}
              onClick={() => onShow(withFilter(search, { range, from: undefined, to: undefined }))}
            >
              {label}
            </Button>
          ))}
          {filters.map(({ parameter: name, label }) => (
            <Button key={name} onClick={() => onShow(withFilter(search, { [name]: undefined }))}>
              Any {label.toLowerCase()}
            </Button>
          ))}
          {search.q !== undefined && (
            <Button onClick={() => onShow(withFilter(search, { q: undefined }))}>
              Clear search
            </Button>
          )}
          {search.metadata !== undefined && (
            <Button onClick={() => onShow(withFilter(search, { metadata: undefined }))}>
              Any metadata
            </Button>
          )}
        </>
      }
    >
      No events match all filters in this period. Try:
    </EmptyState>
  );
}

function NothingEver({ workspaceId }: { readonly workspaceId: string }) {
  const { permissions, apiUrl } = useMe();
  const curl = `curl -sS "${apiUrl}/v1/events" \\
  -H "Authorization: Bearer $EXHIBIT_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"workspaceId":"${workspaceId}","category":"auth","action":"user.login","actor":{"email":"ana@example.com"}}'`;
  return (
    <EmptyState icon={Inbox} title="No events yet">
      <p>Send your first event:</p>
      <div className="mt-3 w-full max-w-[calc(100vw-32px)]">
        <CodeBlock text={curl} label="Copy command" />
      </div>
      <p className="mt-3">
        {permissions.administer ? (
          <>
            Create a key in{' '}
            <Link
              to="/settings/$tab"
              params={{ tab: 'api-keys' }}
              className="text-accent underline"
            >
              Settings → API keys
            </Link>
            .
          </>
        ) : (
          'Ask an owner or admin for an API key.'
        )}
      </p>
    </EmptyState>
  );
}
