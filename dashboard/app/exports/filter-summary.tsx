import type { EventQuery } from '../api/event-query.ts';
import { describeQuery } from '../events/describe-query.ts';
import { useWorkspaceName } from '../session/session.tsx';
import { useTimeZone } from '../time/time-zone.tsx';
import { Detail, DetailList } from '../ui/details.tsx';

interface FilterSummaryProps {
  readonly query: EventQuery;
  /** What a filter that names no workspace covers. */
  readonly allWorkspaces?: string;
}

/** A filter in words, a line for each part. */
export function FilterSummary({ query, allWorkspaces = 'All of the company' }: FilterSummaryProps) {
  const { name: zone } = useTimeZone();
  const workspaceName = useWorkspaceName();
  const phrases = describeQuery(query, { zone, workspaceName });
  return (
    <DetailList>
      {query.workspaceIds === undefined && <Detail name="Workspace">{allWorkspaces}</Detail>}
      {phrases.map(({ field, name, value }) => (
        <Detail key={`${field} ${value}`} name={name}>
          {value}
        </Detail>
      ))}
    </DetailList>
  );
}
