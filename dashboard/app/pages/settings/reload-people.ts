import { meQuery } from '../../api/me.ts';
import { invitationsQuery, membersQuery, workspacesQuery } from '../../api/people.ts';
import { queryClient } from '../../api/query-client.ts';

/** Reloads the lists after a change of members, and the signed-in user, who may have been changed. */
export function reloadPeople(): Promise<unknown> {
  return Promise.all(
    [membersQuery, invitationsQuery, workspacesQuery, meQuery].map(({ queryKey }) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
}
