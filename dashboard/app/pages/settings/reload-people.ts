import { meQuery } from '../../api/me.ts';
import { invitationsQuery, membersQuery, workspacesQuery } from '../../api/people.ts';
import { queryClient } from '../../api/query-client.ts';

/** After a change of people: the lists, and who I am, because it may have been me. */
export function reloadPeople(): Promise<unknown> {
  return Promise.all(
    [membersQuery, invitationsQuery, workspacesQuery, meQuery].map(({ queryKey }) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
}
