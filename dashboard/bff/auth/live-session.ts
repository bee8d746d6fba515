import type { BffDeps } from '../bff-deps.ts';

/** Maximum age of a session, however often it is used. */
const MAX_DAYS = 30;
const DAY_MS = 86_400_000;

interface LiveSession {
  readonly id: string;
  readonly userId: string;
}

/** The session of a Cookie header; undefined without a valid one. A session that is too old is deleted. */
export async function liveSession(
  { auth, pool }: BffDeps,
  cookie: string | undefined,
): Promise<LiveSession | undefined> {
  if (cookie === undefined) return undefined;
  const found = await auth.api.getSession({ headers: new Headers({ cookie }) });
  if (found === null) return undefined;
  const { id, createdAt } = found.session;
  if (Date.now() - new Date(createdAt).getTime() < MAX_DAYS * DAY_MS)
    return { id, userId: found.user.id };
  await pool.query('DELETE FROM "session" WHERE id = $1', [id]);
  return undefined;
}
