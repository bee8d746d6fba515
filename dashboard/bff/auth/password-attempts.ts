import { isIPv6 } from 'node:net';
import type { Queryable } from '../database.ts';
import { Problem } from '../errors.ts';

const WINDOW_MINUTES = 15;
/** Maximum failed attempts per 15 minutes, by kind of subject. */
const MAX: Readonly<Record<string, number>> = {
  /** One account from one network: guesses do not lock out its user elsewhere. */
  pair: 10,
  /** One account from all networks together, against guesses from many addresses. */
  account: 100,
  /** One browser that has signed in to the account before; see device-cookie.ts. */
  device: 10,
  /** One network; an office behind one address makes honest mistakes too. */
  ip: 50,
};

interface Attempt {
  readonly account: string;
  readonly ip: string;
  /** The browser's device id, if its cookie is valid for this account. */
  readonly device?: string | undefined;
}

/**
 * Counts an attempt before the password is checked, so that parallel guesses are counted too. A successful attempt is
 * subtracted again: only failures are limited.
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
  const exceeded = rows.find(({ subject, attempts }) => attempts > (MAX[kindOf(subject)] ?? 0));
  if (exceeded === undefined) return;
  const seconds = Math.max(1, exceeded.seconds);
  const minutes = Math.ceil(seconds / 60);
  throw new Problem(
    'TOO_MANY_ATTEMPTS',
    `Too many attempts. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
    { headers: { 'retry-after': String(seconds) } },
  );
}

/** Resets the counter of a person whose password was correct; subtracts the attempt for account and network. */
export async function forgetPasswordAttempt(db: Queryable, attempt: Attempt): Promise<void> {
  const [pair, ...others] = subjects(attempt);
  await db.query('DELETE FROM password_attempts WHERE subject = $1', [pair]);
  await db.query(
    'UPDATE password_attempts SET attempts = greatest(attempts - 1, 0) WHERE subject = ANY($1::text[])',
    [others],
  );
}

/**
 * A known device has only its own limit: guesses from elsewhere cannot lock its user out, and a thief of its cookie gets
 * ten guesses in fifteen minutes.
 */
function subjects({ account, ip, device }: Attempt): string[] {
  if (device !== undefined) return [`device:${device} ${account}`];
  const network = networkOf(ip);
  return [`pair:${network} ${account}`, `account:${account}`, `ip:${network}`];
}

function kindOf(subject: string): string {
  return subject.slice(0, subject.indexOf(':'));
}

/** The /64 network of an IPv6 address, because one person may have all of its addresses; an IPv4 address itself. */
export function networkOf(ip: string): string {
  const [address = ''] = ip.split('%');
  if (!isIPv6(address)) return ip;
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  if (canonical.startsWith('::ffff:')) return canonical;
  const [left = '', right = ''] = canonical.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const zeros = Array.from({ length: 8 - groups(left).length - groups(right).length }, () => '0');
  return `${[...groups(left), ...zeros, ...groups(right)].slice(0, 4).join(':')}::/64`;
}
