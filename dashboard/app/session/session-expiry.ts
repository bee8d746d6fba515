import { onSessionLost } from '../api/http.ts';
import { meQuery } from '../api/me.ts';
import { queryClient } from '../api/query-client.ts';

/**
 * When a call finds that the session has ended, calls `leave` once and then clears all cached data. Visitors without
 * a session are redirected by the router instead.
 */
export function watchSession(leave: () => Promise<void>): () => void {
  let leaving = false;
  const forget = () => {
    // Requests of the sign-in page itself don't belong to a session.
    queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'installation' });
    leaving = false;
  };
  return onSessionLost(() => {
    if (leaving || queryClient.getQueryData(meQuery.queryKey) === undefined) return;
    leaving = true;
    // Clear the cache only after the pages have unmounted; they would refetch immediately.
    leave().then(forget, forget);
  });
}
