import { isIP } from 'node:net';
import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../errors.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** All resources come from this host; inline scripts and frames are not allowed. */
const POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'manifest-src': ["'self'"],
  'object-src': ["'none'"],
  'form-action': ["'self'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** The policy of a page whose style elements have `nonce`: libraries add some, such as for locking the scroll position. */
export function contentSecurityPolicy(nonce: string): string {
  const directives = { ...POLICY, 'style-src': ["'self'", `'nonce-${nonce}'`] };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

/** Browser features that the pages do not use; they only write to the clipboard. */
const PERMISSIONS = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'microphone',
  'midi',
  'payment',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ');

/** Adds security headers to every response, forbids caching of private ones, and rejects unsafe methods from other sites. */
export async function secure(app: FastifyInstance, publicUrl: string): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
  });
  const ownHost = new URL(publicUrl).host;
  app.addHook('onRequest', async (request, reply) => {
    reply.header('permissions-policy', PERMISSIONS);
    if (request.url.startsWith('/api')) reply.header('cache-control', 'no-store');
    if (!SAFE_METHODS.has(request.method)) refuseOtherSites(request, ownHost);
  });
}

/**
 * Browsers send the origin of an unsafe request; in addition, cookies are SameSite=Lax. Hosts are compared, but not
 * schemes, because a proxy may terminate TLS. The Host header is trusted only if it needs no name server (an address or
 * localhost): with DNS rebinding, a foreign page uses its own name for this host.
 */
function refuseOtherSites(request: FastifyRequest, ownHost: string): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const ours = origin === undefined || isOurs(origin, host, ownHost);
  if (ours && site !== 'cross-site') return;
  throw new Problem('ORIGIN_FORBIDDEN', 'Only pages of this dashboard may send this request.');
}

function isOurs(origin: string, called: string | undefined, ownHost: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host, hostname } = new URL(origin);
  if (!/^https?:$/.test(protocol)) return false;
  return host === ownHost || (host === called && needsNoNameServer(hostname));
}

function needsNoNameServer(hostname: string): boolean {
  return hostname === 'localhost' || isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0;
}
