import type { AnyRouter } from '@tanstack/react-router';
import { meQuery } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';

/** Completes a sign-in: clears the data of an earlier user and opens the requested page. */
export async function enter(router: AnyRouter, next = '/'): Promise<void> {
  queryClient.clear();
  await queryClient.fetchQuery(meQuery);
  router.history.push(next);
}
