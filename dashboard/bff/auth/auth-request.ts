import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BffDeps } from '../bff-deps.ts';

/** Passes a request to better-auth with the dashboard's public address, whatever its Host header says. */
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

/** Copies the cookies of a response to the browser's response. */
export function passCookies(reply: FastifyReply, answer: Response): void {
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) void reply.header('set-cookie', cookies);
}

/** Throws if the request failed because of the database: that must not be reported as a wrong password. */
export async function throwIfBroken({ pool }: BffDeps, answer: Response): Promise<void> {
  if (answer.status < 500) return;
  await pool.query('SELECT 1');
  throw new Error(`better-auth answered ${answer.status}: ${await answer.text()}`);
}
