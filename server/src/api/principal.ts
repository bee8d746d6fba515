import type { FastifyRequest } from 'fastify';
import { Problem } from '../errors.ts';
import type { Permission } from '../tenancy/api-key.ts';
import type { RequestOrigin } from '../tenancy/audit-log.ts';
import { authenticate, type Principal, requirePermission } from '../tenancy/authenticate.ts';
import type { ApiDeps, ApiRegion } from './api-deps.ts';
import { setRequestCompany } from './request-company.ts';

interface Caller {
  readonly principal: Principal;
  /** The region of the key, which holds all of the caller's data. */
  readonly region: ApiRegion;
  readonly origin: RequestOrigin;
}

const principals = new WeakMap<FastifyRequest, Principal>();

/**
 * Hook that authenticates and rate-limits a /v1 request before its body is read, so that neither unauthenticated clients
 * nor callers above their limit can make the api hold 64 MiB.
 * @throws Problem UNAUTHENTICATED, RATE_LIMITED
 */
export async function admit(deps: ApiDeps, request: FastifyRequest): Promise<void> {
  const principal = await authenticated(deps, request);
  setRequestCompany(request, principal.scope.companyId);
  await spendShares(request, principal);
  principals.set(request, principal);
}

/**
 * Returns the caller of a /v1 request, who must have the permission.
 * @throws Problem UNAUTHENTICATED, PERMISSION_DENIED
 */
export function callerOf(deps: ApiDeps, request: FastifyRequest, permission?: Permission): Caller {
  const principal = principals.get(request);
  if (principal === undefined) throw new Error('the request was not admitted: v1.ts has the hook');
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

async function authenticated(deps: ApiDeps, request: FastifyRequest): Promise<Principal> {
  const { badKeys } = request.server.rateLimits;
  await badKeys.refuseGuessing(request);
  try {
    const principal = await authenticate(
      request.headers.authorization,
      (name) => deps.regions.get(name)?.pool,
    );
    badKeys.rememberValid(request);
    return principal;
  } catch (error) {
    if (error instanceof Problem && error.code === 'UNAUTHENTICATED')
      await badKeys.countInvalid(request);
    throw error;
  }
}

/** Storing events has its own limits: a client that sends too many queries must not lose events. */
function spendShares(
  request: FastifyRequest,
  { actor, scope: { companyId } }: Principal,
): Promise<void> {
  const isIngest = request.method === 'POST' && request.routeOptions.url === '/v1/events';
  return request.server.rateLimits.spend(
    request,
    { policy: isIngest ? 'ingest-key' : 'caller', subject: `api_key:${actor.id}` },
    { policy: isIngest ? 'ingest-company' : 'company', subject: companyId },
  );
}
