import type { Queryable } from '../database.ts';
import type { Actor } from './append-evidence.ts';

/** The actors to filter by. */
export interface Principals {
  readonly type: Actor['type'] | undefined;
  /** undefined: any. */
  readonly ids: readonly string[] | undefined;
}

/**
 * Finds the principals for `user` of GET /api/evidence: an id, or a person's email address. A label never identifies a
 * principal, because an API key may have any name. An address identifies the current member who has it, or, without
 * one, the former members who signed in with it, found by their ids.
 */
export async function findPrincipals(
  db: Queryable,
  companyId: string,
  user: string,
): Promise<Principals> {
  if (!user.includes('@')) return { type: undefined, ids: [user.toLowerCase()] };
  const { rows } = await db.query<{ id: string }>(
    `SELECT m.user_id::text AS id FROM members m JOIN "user" u ON u.id = m.user_id
      WHERE m.company_id = $1 AND u.email = lower($2)`,
    [companyId, user],
  );
  if (rows.length > 0) return { type: 'user', ids: rows.map(({ id }) => id) };
  const former = await db.query<{ id: string }>(
    `SELECT DISTINCT actor_id AS id FROM evidence
      WHERE company_id = $1 AND actor_type = 'user' AND lower(actor_label) = lower($2)`,
    [companyId, user],
  );
  return { type: 'user', ids: former.rows.map(({ id }) => id) };
}
