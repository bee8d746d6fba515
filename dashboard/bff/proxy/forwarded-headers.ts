import type { RequestOrigin } from '../auth/request-origin.ts';

/** Headers with the browser's address for the api's audit log; the api trusts them only with the dashboard's token. */
export function forwardedHeaders({ ip, userAgent }: RequestOrigin): Record<string, string> {
  return {
    'x-exhibit-client-ip': ip,
    // Header values are Latin-1; anything else would make the request fail.
    ...(userAgent === null
      ? {}
      : { 'x-exhibit-user-agent': userAgent.replaceAll(/[^\x20-\x7e]/g, '?') }),
  };
}
