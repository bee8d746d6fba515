import type { Queryable } from '../database.ts';
import { Problem } from '../errors.ts';

const WINDOW_MINUTES = 15;
/** Per account, so that one account cannot be guessed from many addresses. */
const MOST_PER_ACCOUNT = 10;
/** Per address: an office behind one address makes honest mistakes, too. */
const MOST_PER_ADDRESS = 50;

interface Attempt {
  readonly account: string;
  readonly ip: string;
}

/**
 * Counts an attempt before the password is looked at, so that parallel guesses are counted, too; one that
 * succeeds is taken back. Counting only failures lets a test or an office sign in as often as it likes.
 * @throws Problem TOO_MANY_ATTEMPTS with Retry-After
 */
export async function countPasswordAttempt(db: Queryable, attempt: Attempt): Promise<void> {
  const { rows } = await db.query<{ subject: string; attempts: number; seconds: number }>(
    `INSERT INTO password_attempts AS p (subject, attempts) SELECT s, 1 FROM unnest($1::text[]) s ORDER BY s
     ON CONFLICT (subject) DO UPDATE SET
       attempts = CASE WHEN p.window_start < now() - make_interval(mins => $2) THEN 1 ELSE p.attempts + 1 END,
       window_start = CASE WHEN p.window_start < now() - make_interval(mins => $2) THEN now() ELSE p.window_start END
     RETURNING subject, attempts,
       ceil(extract(epoch FROM window_start + make_interval(mins => $2) - now()))::int AS seconds`,
    [subjects(attempt), WINDOW_MINUTES],
  );
  const exceeded = rows.find(
    ({ subject, attempts }) =>
      attempts > (subject.startsWith('account:') ? MOST_PER_ACCOUNT : MOST_PER_ADDRESS),
  );
  if (exceeded === undefined) return;
  const seconds = Math.max(1, exceeded.seconds);
  const minutes = Math.ceil(seconds / 60);
  throw new Problem(
    'TOO_MANY_ATTEMPTS',
    `Too many attempts. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
    { headers: { 'retry-after': String(seconds) } },
  );
}

/** The password was right: the account starts afresh, the address gets its attempt back. */
export async function forgetPasswordAttempt(
  db: Queryable,
  { account, ip }: Attempt,
): Promise<void> {
  await db.query('DELETE FROM password_attempts WHERE subject = $1', [`account:${account}`]);
  await db.query(
    'UPDATE password_attempts SET attempts = greatest(attempts - 1, 0) WHERE subject = $1',
    [`ip:${ip}`],
  );
}

/** Windows that have passed; called now and then. */
export async function dropOldAttempts(db: Queryable): Promise<void> {
  await db.query(
    'DELETE FROM password_attempts WHERE window_start < now() - make_interval(mins => $1)',
    [WINDOW_MINUTES],
  );
}

function subjects({ account, ip }: Attempt): string[] {
  return [`account:${account}`, `ip:${ip}`];
}
