import { meQuery } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { router } from '../../router.tsx';

/** After a sign-in: nothing of an earlier person stays, and the page they wanted opens. */
export async function enter(next = '/'): Promise<void> {
  queryClient.clear();
  await queryClient.fetchQuery(meQuery);
  router.history.push(next);
}
