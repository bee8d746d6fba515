import Fastify from 'fastify';
import { homePage } from './home-page.ts';

interface DashboardOptions {
  readonly host: string;
  /** 0: a free one */
  readonly port: number;
  readonly apiUrl: string;
}

interface Dashboard {
  readonly url: string;
  stop(): Promise<void>;
}

const API_TIMEOUT_MS = 5_000;

/** Serves the dashboard. It is only a client of the api. */
export async function startDashboard({ host, port, apiUrl }: DashboardOptions): Promise<Dashboard> {
  const app = Fastify({ forceCloseConnections: true });
  app.get('/health', async () => ({ ok: true }));
  app.get('/ready', async (_request, reply) => {
    const ok = await isReady(apiUrl);
    return reply.code(ok ? 200 : 503).send({ ok });
  });
  app.get('/', async (_request, reply) =>
    reply
      .header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      )
      .type('text/html; charset=utf-8')
      .send(homePage(apiUrl)),
  );
  const url = await app.listen({ host, port });
  return { url, stop: () => app.close() };
}

async function isReady(apiUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${apiUrl}/ready`, { signal: AbortSignal.timeout(API_TIMEOUT_MS) });
    return answer.ok;
  } catch {
    return false;
  }
}
