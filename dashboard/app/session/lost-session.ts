import { onSessionLost } from '../api/http.ts';
import { meQuery } from '../api/me.ts';
import { queryClient } from '../api/query-client.ts';

/** When any call learns that nobody is signed in any more, `leave` is told once per signed-in stay. */
export function watchSession(leave: () => void): () => void {
  return onSessionLost(() => {
    const wasSignedIn = queryClient.getQueryData(meQuery.queryKey) !== undefined;
    queryClient.removeQueries();
    if (wasSignedIn) leave();
  });
}
