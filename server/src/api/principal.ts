import type { FastifyRequest } from 'fastify';
import { Problem } from '../errors.ts';
import type { Permission } from '../tenancy/api-key.ts';
import type { RequestOrigin } from '../tenancy/audit-log.ts';
import { authenticate, type Principal, requirePermission } from '../tenancy/authenticate.ts';
import type { ApiDeps, ApiRegion } from './api-deps.ts';

interface Caller {
  readonly principal: Principal;
  /** The region of the key: everything the caller has lies there. */
  readonly region: ApiRegion;
  readonly origin: RequestOrigin;
}

/**
 * The caller of a /v1 request, who must hold the permission.
 * @throws Problem UNAUTHENTICATED, PERMISSION_DENIED
 */
export async function callerOf(
  deps: ApiDeps,
  request: FastifyRequest,
  permission?: Permission,
): Promise<Caller> {
  const principal = await authenticate(
    request.headers.authorization,
    (name) => deps.regions.get(name)?.pool,
  );
  const region = deps.regions.get(principal.region);
  if (region === undefined) throw new Problem('UNAUTHENTICATED', 'The API key is not valid.');
  if (permission !== undefined) requirePermission(principal, permission);
  const origin = {
    requestId: request.id,
    ip: request.ip,
    userAgent: request.headers['user-agent'] ?? null,
  };
  return { principal, region, origin };
}
