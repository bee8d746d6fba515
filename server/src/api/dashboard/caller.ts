import type { FastifyRequest } from 'fastify';
import { Problem } from '../../errors.ts';
import { type DashboardAction, type DashboardUser, requireAccess } from '../../tenancy/access.ts';
import type { RequestOrigin } from '../../tenancy/audit-log.ts';
import { type DashboardClaims, verifyDashboardToken } from '../../tenancy/dashboard-token.ts';
import { openTokenKeys } from '../../tenancy/token-keys.ts';
import type { ApiDeps, ApiRegion } from '../api-deps.ts';
import { setRequestCompany } from '../request-company.ts';

/** A user of the dashboard with access to the route's action. */
export interface DashboardCaller extends DashboardUser {
  /** The company's region, which holds all of its data. */
  readonly region: ApiRegion;
  readonly origin: RequestOrigin;
}

const NO_KEYS = openTokenKeys(undefined);
const MAX_HEADER_CHARACTERS = 1_000;

/**
 * Returns the user on whose behalf the dashboard sends this request.
 * @throws Problem UNAUTHENTICATED, PERMISSION_DENIED, RATE_LIMITED
 */
export async function dashboardCaller(
  deps: ApiDeps,
  request: FastifyRequest,
  action: DashboardAction,
): Promise<DashboardCaller> {
  const { claims, region } = verified(deps, request);
  requireAccess(claims.role, action);
  if (claims.role === 'SYSTEM')
    throw new Problem('PERMISSION_DENIED', 'The SYSTEM role cannot use this route.');
  const { role, sub, email, companyId, workspaceIds } = claims;
  await request.server.rateLimits.spend(
    request,
    { policy: 'caller', subject: `user:${sub}` },
    { policy: 'company', subject: companyId },
  );
  return {
    role,
    region,
    actor: { type: 'user', id: sub, label: email },
    // A member without workspaces has access to none: an empty list does not mean "all".
    scope: {
      companyId,
      workspaces: role === 'MEMBER' ? { kind: 'some', workspaceIds } : { kind: 'all' },
    },
    origin: originOf(request),
  };
}

/**
 * Checks that the dashboard itself sends this request, such as to provision a company.
 * @throws Problem UNAUTHENTICATED, PERMISSION_DENIED
 */
export async function systemCaller(
  deps: ApiDeps,
  request: FastifyRequest,
): Promise<{ region: ApiRegion; companyId: string | undefined }> {
  const { claims, region } = verified(deps, request);
  requireAccess(claims.role, 'system');
  return { region, companyId: claims.companyId };
}

const admitted = new WeakMap<FastifyRequest, DashboardClaims>();

/**
 * Hook that verifies the token before the body of a /dashboard request is read, so that unauthenticated clients cannot
 * make the api hold bodies in memory.
 * @throws Problem UNAUTHENTICATED
 */
export async function admitDashboard(deps: ApiDeps, request: FastifyRequest): Promise<void> {
  const claims = await verifyDashboardToken(
    deps.tokenKeys ?? NO_KEYS,
    request.headers.authorization,
    [...deps.regions.keys()],
  );
  admitted.set(request, claims);
  setRequestCompany(request, claims.companyId ?? 'dashboard');
}

function verified(
  deps: ApiDeps,
  request: FastifyRequest,
): { claims: DashboardClaims; region: ApiRegion } {
  const claims = admitted.get(request);
  if (claims === undefined)
    throw new Error('the request was not admitted: dashboard.ts has the hook');
  const region = deps.regions.get(claims.aud);
  if (region === undefined) throw new Problem('UNAUTHENTICATED', 'The token is not valid.');
  return { claims, region };
}

/** The user's own address and browser, which the dashboard passes on; they are trusted because of its token. */
function originOf(request: FastifyRequest): RequestOrigin {
  return {
    requestId: request.id,
    ip: header(request, 'x-exhibit-client-ip') ?? request.ip,
    userAgent: header(request, 'x-exhibit-user-agent') ?? null,
  };
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== ''
    ? value.slice(0, MAX_HEADER_CHARACTERS)
    : undefined;
}
