import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../errors.ts';
import { contentSecurityPolicy } from '../http/security.ts';
import { readPagePreloads } from './page-preloads.ts';

/** The placeholder in index.html that each response replaces with its own nonce. */
const NONCE_MARK = '__CSP_NONCE__';

/** An address of a page: a path without a file extension, outside the API. */
const PAGE = /^\/(?!api(?:\/|$))(?!.*\.[a-z\d]{1,5}$)/i;

/**
 * Serves the web app: its files, cached without limit because their names contain a content hash, and index.html at every
 * other address, because the app itself resolves its pages.
 */
export async function serveWebApp(app: FastifyInstance, directory: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: directory,
    serve: true,
    index: false,
    wildcard: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const hashed = path.startsWith(join(directory, 'assets'));
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const html = await readFile(join(directory, 'index.html'), 'utf8');
  const preloads = await readPagePreloads(directory);
  const page = (request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?')[0] ?? '';
    if (!PAGE.test(path)) throw new Problem('NOT_FOUND', 'There is nothing at this address.');
    const nonce = randomBytes(16).toString('base64');
    return reply
      .header('content-security-policy', contentSecurityPolicy(nonce))
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(
        html
          .replaceAll(NONCE_MARK, nonce)
          .replace('</head>', () => `${preloads(path, hasSession(request))}</head>`),
      );
  };
  app.get('/', page);
  app.get('/*', page);
}

/** Whether there may be a session: preloading is useful only then. */
function hasSession({ headers }: FastifyRequest): boolean {
  return headers.cookie?.includes('session_token=') === true;
}
