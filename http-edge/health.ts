import type { FastifyInstance, FastifySchema } from 'fastify';

interface HealthChecks {
  /** Checks what the process needs; all members but `ok` are details for people. */
  readonly check: () => Promise<{ readonly ok: boolean; readonly [detail: string]: unknown }>;
  /** Aborted when the process is about to stop: it keeps answering, but is no longer ready. */
  readonly stopping: AbortSignal | undefined;
  readonly schema?: FastifySchema;
}

/** `/health`: the process answers. `/ready`: its checks pass and it is not about to stop. */
export function serveHealth(app: FastifyInstance, { check, stopping, schema }: HealthChecks): void {
  const route = schema === undefined ? {} : { schema };
  app.get('/health', route, async () => ({ ok: true }));
  app.get('/ready', route, async (_request, reply) => {
    const checks = await check();
    const ok = checks.ok && stopping?.aborted !== true;
    return reply
      .code(ok ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ...checks, ok });
  });
}
