import type pg from 'pg';

const ROWS_PER_STATEMENT = 1_000;

/** Expired rows, as tables with conditions. Evidence is never deleted. */
const EXPIRED = [
  // A session ends 30 days after sign-in, however often it is used: live-session.ts.
  `"session" WHERE "expiresAt" < now() OR "createdAt" < now() - interval '30 days'`,
  `"verification" WHERE "expiresAt" < now()`,
  // Used and expired links are rejected alike. They are kept for a month, so that support can explain what happened.
  `invitations WHERE greatest(expires_at, accepted_at) < now() - interval '30 days'`,
  `password_attempts WHERE window_start < now() - interval '15 minutes'`,
] as const;

/**
 * Deletes expired rows in statements of at most a thousand rows. Several dashboards may do so at the same time: each skips
 * rows that another one is deleting.
 * @returns the number of deleted rows
 */
export async function purgeExpired(pool: pg.Pool, signal?: AbortSignal): Promise<number> {
  let purged = 0;
  for (const rows of EXPIRED) {
    const [table] = rows.split(' ');
    for (let batch = ROWS_PER_STATEMENT; batch === ROWS_PER_STATEMENT; ) {
      if (signal?.aborted === true) return purged;
      const { rowCount } = await pool.query(
        `DELETE FROM ${table} WHERE ctid IN (
           SELECT ctid FROM ${rows} LIMIT ${ROWS_PER_STATEMENT} FOR UPDATE SKIP LOCKED)`,
      );
      batch = rowCount ?? 0;
      purged += batch;
    }
  }
  return purged;
}
