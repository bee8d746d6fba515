import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BffDeps } from '../bff-deps.ts';
import { Problem } from '../errors.ts';
import { uuidSchema } from '../http/field-schemas.ts';
import { checked } from '../http/json-body.ts';
import { liveSession } from './live-session.ts';

interface SessionRow {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/**
 * GET /api/auth/sessions → {data:[{id, createdAt, lastSeenAt, expiresAt, ip, userAgent, current}], nextCursor: null}:
 * the person's own sessions, newest first, without their tokens. DELETE /api/auth/sessions/:sessionId ends one of them,
 * DELETE /api/auth/sessions ends all except the current one; both answer 204.
 */
export function ownSessions(app: FastifyInstance, deps: BffDeps): void {
  app.get('/auth/sessions', async (request) => {
    const { userId, sessionId } = await sessionOf(deps, request);
    const { rows } = await deps.pool.query<SessionRow>(
      `SELECT id, "createdAt", "updatedAt" AS "lastSeenAt", "expiresAt", nullif("ipAddress", '') AS ip,
              nullif("userAgent", '') AS "userAgent"
         FROM "session" WHERE "userId" = $1 AND "expiresAt" > now() ORDER BY "createdAt" DESC, id LIMIT 200`,
      [userId],
    );
    return {
      data: rows.map((row) => ({ ...row, current: row.id === sessionId })),
      nextCursor: null,
    };
  });

  app.delete<{ Params: { sessionId: string } }>(
    '/auth/sessions/:sessionId',
    async (request, reply) => {
      const { userId } = await sessionOf(deps, request);
      const id = checked(uuidSchema, request.params.sessionId);
      const { rowCount } = await deps.pool.query(
        'DELETE FROM "session" WHERE "userId" = $1 AND id = $2',
        [userId, id],
      );
      if (rowCount === 0) throw new Problem('NOT_FOUND', 'There is no such session.');
      return reply.code(204).send();
    },
  );

  app.delete('/auth/sessions', async (request, reply) => {
    const { userId, sessionId } = await sessionOf(deps, request);
    await deps.pool.query('DELETE FROM "session" WHERE "userId" = $1 AND id <> $2', [
      userId,
      sessionId,
    ]);
    return reply.code(204).send();
  });
}

/** @throws Problem UNAUTHENTICATED */
async function sessionOf(deps: BffDeps, request: FastifyRequest) {
  const session = await liveSession(deps, request.headers.cookie);
  if (session === undefined) throw new Problem('UNAUTHENTICATED', 'Sign in first.');
  return { userId: session.userId, sessionId: session.id };
}
