import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BffDeps } from '../bff-deps.ts';

/** Hands a request to better-auth under our own public address, whatever Host it came with. */
export function callAuth(
  { auth, settings }: BffDeps,
  request: FastifyRequest,
  path: string,
  body?: unknown,
): Promise<Response> {
  const headers = new Headers({ 'x-exhibit-client-ip': request.ip });
  const { cookie } = request.headers;
  const userAgent = request.headers['user-agent'];
  if (cookie !== undefined) headers.set('cookie', cookie);
  if (userAgent !== undefined) headers.set('user-agent', userAgent.slice(0, 512));
  if (body !== undefined) headers.set('content-type', 'application/json');
  return auth.handler(
    new Request(`${settings.publicUrl}/api/auth/${path}`, {
      method: request.method === 'GET' ? 'GET' : 'POST',
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
}

/** Lets the browser have the cookies of an answer. */
export function passCookies(reply: FastifyReply, answer: Response): void {
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) void reply.header('set-cookie', cookies);
}

/** The database being away must not read as a wrong password. */
export async function throwIfBroken({ pool }: BffDeps, answer: Response): Promise<void> {
  if (answer.status < 500) return;
  await pool.query('SELECT 1');
  throw new Error(`better-auth answered ${answer.status}: ${await answer.text()}`);
}
