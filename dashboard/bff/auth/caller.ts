import type { FastifyRequest } from 'fastify';
import type { BffDeps } from '../bff-deps.ts';
import { Problem } from '../errors.ts';
import { liveSession } from './live-session.ts';
import { findMember, mayAdminister, type Member } from './member.ts';
import type { Caller, RequestOrigin } from './request-origin.ts';

/**
 * The person of a session, with today's role and workspaces.
 * @throws Problem UNAUTHENTICATED without a session, PERMISSION_DENIED if the person is not a member of any company
 */
export async function callerOf(deps: BffDeps, request: FastifyRequest): Promise<Caller> {
  const member = await memberOf(deps, request);
  if (member === undefined) {
    throw new Problem('PERMISSION_DENIED', 'You are not a member of a company.');
  }
  return { member, origin: originOf(request) };
}

const members = new WeakMap<FastifyRequest, Promise<Member | undefined>>();

/** The member of the request's session, looked up once per request. */
function memberOf(deps: BffDeps, request: FastifyRequest): Promise<Member | undefined> {
  const looking =
    members.get(request) ??
    requireSession(deps, request).then((userId) => findMember(deps.pool, userId));
  members.set(request, looking);
  return looking;
}

/** The owner that a body's memory counts against: the company, or the address of a person without a company. */
export async function companyOfSession(deps: BffDeps, request: FastifyRequest): Promise<string> {
  return (await memberOf(deps, request))?.companyId ?? `address:${request.ip}`;
}

const asked = new WeakMap<FastifyRequest, Promise<string | undefined>>();

/**
 * Returns the user of the request's session, looked up once per request.
 * @throws Problem UNAUTHENTICATED
 */
export async function requireSession(deps: BffDeps, request: FastifyRequest): Promise<string> {
  const looking = asked.get(request) ?? sessionUser(deps, request);
  asked.set(request, looking);
  const userId = await looking;
  if (userId === undefined) throw new Problem('UNAUTHENTICATED', 'Sign in first.');
  return userId;
}

/** @throws Problem UNAUTHENTICATED, PERMISSION_DENIED unless OWNER or ADMIN */
export async function administratorOf(deps: BffDeps, request: FastifyRequest): Promise<Caller> {
  const caller = await callerOf(deps, request);
  if (!mayAdminister(caller.member)) {
    throw new Problem('PERMISSION_DENIED', 'Only an owner or an administrator may do this.');
  }
  return caller;
}

export function originOf(request: FastifyRequest): RequestOrigin {
  const userAgent = request.headers['user-agent']?.slice(0, 512) ?? null;
  return { requestId: request.id, ip: request.ip, userAgent };
}

/** The user of the session cookie; undefined without a valid cookie. */
async function sessionUser(deps: BffDeps, request: FastifyRequest): Promise<string | undefined> {
  try {
    return (await liveSession(deps, request.headers.cookie))?.userId;
  } catch (error) {
    // better-auth hides the cause. If the database is unavailable, this query throws an error that we recognise.
    await deps.pool.query('SELECT 1');
    throw error;
  }
}
