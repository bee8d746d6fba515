import type pg from 'pg';

const ROWS_PER_STATEMENT = 1_000;

/** Rows that have lost their meaning, as conditions of a table. Evidence is kept for good and is not among them. */
const EXPIRED = [
  // A session ends 30 days after sign-in, however often it is used: live-session.ts.
  `"session" WHERE "expiresAt" < now() OR "createdAt" < now() - interval '30 days'`,
  `"verification" WHERE "expiresAt" < now()`,
  // Used and expired links are refused alike. They are kept a month, so that support can say what happened.
  `invitations WHERE greatest(expires_at, accepted_at) < now() - interval '30 days'`,
  `password_attempts WHERE window_start < now() - interval '15 minutes'`,
] as const;

/**
 * Removes them in statements of at most a thousand rows. Several dashboards may do it at once: each skips rows
 * that another one is removing.
 * @returns how many rows were removed
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
