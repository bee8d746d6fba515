import type pg from 'pg';
import type { Caller } from '../auth/request-origin.ts';
import type { BffDeps } from '../bff-deps.ts';
import { inTransaction, type Queryable } from '../database.ts';
import { Problem } from '../errors.ts';
import { appendEvidence, byMember } from './append-evidence.ts';

/** Maximum rejected requests per person and hour that each get their own row of evidence. */
const MAX_REFUSED_ROWS_PER_HOUR = 60;
const HOUR_MS = 3_600_000;

type RefusedDeps = Pick<BffDeps, 'pool'>;

/**
 * Call it before an intent is written. A person with too many rejected requests in this hour is rejected without a row of
 * evidence; a single row counts these requests.
 * @throws Problem RATE_LIMITED
 */
export async function requireFewRefusals(deps: RefusedDeps, caller: Caller): Promise<void> {
  const { companyId, userId } = caller.member;
  const { rows } = await deps.pool.query<{ refused: number }>(
    `SELECT refused FROM refused_requests
      WHERE company_id = $1 AND user_id = $2 AND hour = date_trunc('hour', clock_timestamp())`,
    [companyId, userId],
  );
  if ((rows[0]?.refused ?? 0) < MAX_REFUSED_ROWS_PER_HOUR) return;
  await countRefusal(deps.pool, caller, { hasRow: false });
  const retryAfter = Math.ceil((HOUR_MS - (Date.now() % HOUR_MS)) / 1000);
  throw new Problem(
    'RATE_LIMITED',
    `More than ${MAX_REFUSED_ROWS_PER_HOUR} of your requests were rejected in this hour. Correct them and try again in the next hour.`,
    { headers: { 'retry-after': String(retryAfter) } },
  );
}

/** Counts a rejected request. @returns whether it may have its own row of evidence */
export async function countRefusal(
  db: Queryable,
  { member: { companyId, userId } }: Caller,
  { hasRow }: { readonly hasRow: boolean },
): Promise<boolean> {
  const { rows } = await db.query<{ refused: number }>(
    `INSERT INTO refused_requests AS r (company_id, user_id, hour, refused, uncounted)
     VALUES ($1, $2, date_trunc('hour', clock_timestamp()), 1, CASE WHEN $3 THEN 0 ELSE 1 END)
     ON CONFLICT (company_id, user_id, hour) DO UPDATE
       SET refused = r.refused + 1,
           uncounted = r.uncounted + CASE WHEN $3 AND r.refused < $4 THEN 0 ELSE 1 END
     RETURNING refused`,
    [companyId, userId, hasRow, MAX_REFUSED_ROWS_PER_HOUR],
  );
  return (rows[0]?.refused ?? 0) <= MAX_REFUSED_ROWS_PER_HOUR;
}

interface CountedRow {
  readonly companyId: string;
  readonly userId: string;
  readonly email: string | null;
  readonly hour: Date;
  readonly uncounted: number;
}

/** One round: a row of evidence for each person and past hour with the number of further rejected requests. */
export async function recordUncountedRefusals({ pool }: RefusedDeps): Promise<void> {
  await inTransaction(pool, async (client) => {
    for (const row of await takeCounted(client)) {
      if (row.uncounted === 0) continue;
      const { hour, uncounted } = row;
      await appendEvidence(client, {
        companyId: row.companyId,
        actor: { type: 'user', id: row.userId, label: row.email ?? row.userId },
        origin: { requestId: null, ip: null, userAgent: null },
        action: 'REQUESTS_REFUSED',
        details: { hour: hour.toISOString(), requests: uncounted },
        outcome: 'RATE_LIMITED',
      });
    }
  });
}

/** Reads and deletes the counts of past hours; only one process gets each count. */
async function takeCounted(client: pg.PoolClient): Promise<CountedRow[]> {
  const { rows } = await client.query<CountedRow>(
    `DELETE FROM refused_requests r
      WHERE r.hour < date_trunc('hour', clock_timestamp())
      RETURNING r.company_id AS "companyId", r.user_id AS "userId", r.hour, r.uncounted,
                (SELECT u.email FROM "user" u WHERE u.id = r.user_id) AS email`,
  );
  return rows;
}

/** Records a rejected request that has no intent, unless the person has used up the rows of this hour. */
export async function appendRefusal(
  deps: RefusedDeps,
  caller: Caller,
  entry: Omit<Parameters<typeof appendEvidence>[1], 'companyId' | 'actor' | 'origin'>,
): Promise<void> {
  await inTransaction(deps.pool, async (client) => {
    if (await countRefusal(client, caller, { hasRow: true }))
      await appendEvidence(client, { ...byMember(caller), ...entry });
  });
}
