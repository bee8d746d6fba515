import type { FastifyRequest } from 'fastify';
import { Problem } from '../../errors.ts';
import { type DashboardAction, type DashboardUser, requireAccess } from '../../tenancy/access.ts';
import type { RequestOrigin } from '../../tenancy/audit-log.ts';
import { type DashboardClaims, verifyDashboardToken } from '../../tenancy/dashboard-token.ts';
import { openTokenKeys } from '../../tenancy/token-keys.ts';
import type { ApiDeps, ApiRegion } from '../api-deps.ts';
import { setRequestCompany } from '../request-company.ts';

/** A person using the dashboard, who may do what the route does. */
export interface DashboardCaller extends DashboardUser {
  /** The company's region: everything they may see lies there. */
  readonly region: ApiRegion;
  readonly origin: RequestOrigin;
}

const NO_KEYS = openTokenKeys(undefined);
const MAX_HEADER_CHARACTERS = 1_000;

/**
 * Who sends this request through the dashboard.
 * @throws Problem UNAUTHENTICATED, PERMISSION_DENIED, RATE_LIMITED
 */
export async function dashboardCaller(
  deps: ApiDeps,
  request: FastifyRequest,
  action: DashboardAction,
): Promise<DashboardCaller> {
  const { claims, region } = verified(deps, request);
  requireAccess(claims.role, action);
  if (claims.role === 'SYSTEM') throw new Problem('PERMISSION_DENIED', 'This is for people.');
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
    // A member without workspaces reaches none of them: an empty list is not "all".
    scope: {
      companyId,
      workspaces: role === 'MEMBER' ? { kind: 'some', workspaceIds } : { kind: 'all' },
    },
    origin: originOf(request),
  };
}

/**
 * The dashboard itself, keeping its region up to date.
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
 * A hook before the body of a /dashboard request is read: a stranger does not make the api hold one.
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

/** The person's own address and browser, which the dashboard passes on: the token vouches for it. */
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
