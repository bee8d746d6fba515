import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './problem.ts';

const MAX_RETRIES = 2;

/** Permanent errors are not retried; temporary ones are, twice. */
function isRetryable(failures: number, error: Error): boolean {
  const passing =
    error instanceof ApiProblem &&
    (error.status === 0 || error.status === 502 || error.status === 503);
  return passing && failures < MAX_RETRIES;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: isRetryable,
      retryDelay: (failures) => 400 * 2 ** failures,
      staleTime: 5000,
      // Sends requests even when the browser reports being offline, so that the page shows the error.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
