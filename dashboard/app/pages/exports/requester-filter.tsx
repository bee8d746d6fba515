import { useQuery } from '@tanstack/react-query';
import type { ExportJob } from '../../api/exports.ts';
import { apiKeysQuery } from '../../api/keys.ts';
import { membersQuery } from '../../api/people.ts';
import { useMe } from '../../session/session.tsx';
import { WhoSelect } from '../../shell/who-select.tsx';

interface RequesterFilterProps {
  /** ID of a user or API key. */
  readonly value: string | undefined;
  /** The jobs on the page; their requesters can be chosen by every role. */
  readonly jobs: readonly ExportJob[];
  readonly onChange: (id: string | undefined) => void;
}

/**
 * Filters by requester: people and API keys. Owners and admins can choose among all of them, other roles among the
 * requesters on the page.
 */
export function RequesterFilter({ value, jobs, onChange }: RequesterFilterProps) {
  const me = useMe();
  const enabled = me.permissions.administer;
  const members = useQuery({ ...membersQuery, enabled });
  const keys = useQuery({ ...apiKeysQuery, enabled });
  const people = new Map(members.data?.data.map(({ userId, email }) => [userId, email]));
  const apiKeys = new Map(keys.data?.data.map(({ id, name }) => [id, name]));
  for (const { requestedBy } of jobs) {
    const known = requestedBy.type === 'user' ? people : apiKeys;
    if (!known.has(requestedBy.id)) known.set(requestedBy.id, requestedBy.label);
  }
  people.set(me.user.id, 'Me');
  return (
    <WhoSelect
      label="Requester"
      value={value}
      people={people}
      apiKeys={apiKeys}
      unknown="Another requester"
      onChange={onChange}
    />
  );
}
