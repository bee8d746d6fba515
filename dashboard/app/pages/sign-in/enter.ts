import type { AnyRouter } from '@tanstack/react-router';
import { meQuery } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';

/** After a sign-in: nothing of an earlier person stays, and the page they wanted opens. */
export async function enter(router: AnyRouter, next = '/'): Promise<void> {
  queryClient.clear();
  await queryClient.fetchQuery(meQuery);
  router.history.push(next);
}
