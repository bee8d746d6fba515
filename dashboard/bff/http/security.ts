import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../errors.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Security headers on every answer, no caching of private ones, and no unsafe method from another site. */
export async function secure(app: FastifyInstance, publicUrl: string): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
  });
  const ownHost = new URL(publicUrl).host;
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (request.url.startsWith('/api')) reply.header('cache-control', 'no-store');
    if (!SAFE_METHODS.has(request.method)) refuseOtherSites(request, ownHost);
  });
}

/**
 * A browser says where an unsafe request comes from; cookies are SameSite=Lax besides. Hosts are compared,
 * not schemes: TLS may end at a proxy in front.
 */
function refuseOtherSites(request: FastifyRequest, ownHost: string): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const ours = origin === undefined || isOneOf(origin, [host, ownHost]);
  if (ours && site !== 'cross-site') return;
  throw new Problem('ORIGIN_FORBIDDEN', 'Only pages of this dashboard may do this.');
}

function isOneOf(origin: string, hosts: readonly (string | undefined)[]): boolean {
  if (!URL.canParse(origin)) return false;
  const { host, protocol } = new URL(origin);
  return /^https?:$/.test(protocol) && hosts.includes(host);
}
