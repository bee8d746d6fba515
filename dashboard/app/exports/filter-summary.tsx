import type { EventQuery } from '../api/event-query.ts';
import { describeQuery } from '../events/describe-query.ts';
import { useWorkspaceName } from '../session/session.tsx';
import { useTimeZone } from '../time/time-zone.tsx';
import { Detail, DetailList } from '../ui/details.tsx';

/** A filter in words, a line for each part. */
export function FilterSummary({ query }: { readonly query: EventQuery }) {
  const { name: zone } = useTimeZone();
  const workspaceName = useWorkspaceName();
  const phrases = describeQuery(query, { zone, workspaceName });
  return (
    <DetailList>
      {query.workspaceIds === undefined && <Detail name="Workspace">All of the company</Detail>}
      {phrases.map(({ field, name, value }) => (
        <Detail key={`${field} ${value}`} name={name}>
          {value}
        </Detail>
      ))}
    </DetailList>
  );
}
