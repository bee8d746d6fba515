import { isConnectionError } from '../regions/connection-error.ts';
import { Problem } from '../errors.ts';

/** The problem for a region's database that cannot be reached; undefined for any other error. */
export function describeError(error: unknown): Problem | undefined {
  if (!isConnectionError(error)) return undefined;
  return new Problem(
    'REGION_UNAVAILABLE',
    'The database of this region cannot be reached. Nothing was changed; try again shortly.',
    { headers: { 'retry-after': '5' }, cause: error },
  );
}
