import { onSessionLost } from '../api/http.ts';
import { meQuery } from '../api/me.ts';
import { queryClient } from '../api/query-client.ts';

/**
 * When a call learns that the person is not signed in any more, `leave` is told once, and afterwards everything
 * that was known to them is forgotten. Who comes without a session is led to the sign-in by the router itself.
 */
export function watchSession(leave: () => Promise<void>): () => void {
  let leaving = false;
  const forget = () => {
    // What the sign-in page itself asks is nobody's.
    queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'installation' });
    leaving = false;
  };
  return onSessionLost(() => {
    if (leaving || queryClient.getQueryData(meQuery.queryKey) === undefined) return;
    leaving = true;
    // Not before the pages are gone: they would ask again at once.
    leave().then(forget, forget);
  });
}
