import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './problem.ts';

const MAX_RETRIES = 2;

/** What the server refused for good is not asked again; what may pass is, twice. */
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
      // Answered by the server or refused, also offline: the page says so then.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
