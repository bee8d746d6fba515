import type { RequestOrigin } from '../auth/request-origin.ts';

/** Tells the api where the browser is, for its own audit log; it believes this with our token only. */
export function forwardedHeaders({ ip, userAgent }: RequestOrigin): Record<string, string> {
  return {
    'x-exhibit-client-ip': ip,
    // Header values are Latin-1; anything else would make the request fail.
    ...(userAgent === null
      ? {}
      : { 'x-exhibit-user-agent': userAgent.replaceAll(/[^\x20-\x7e]/g, '?') }),
  };
}
