import type { InjectionContext } from '../fault.ts';
import { connect } from '../checker/connect.ts';

/** Its clock itself cannot be moved by a process beside it: what it has written is, the other way. */
async function shiftWhatIsWritten(
  { world }: InjectionContext,
  by: '1 hour' | '-1 hour',
): Promise<void> {
  const client = await connect(world.database.superuserUrl);
  try {
    await client.query(
      `UPDATE export_jobs SET lease_expires_at = lease_expires_at + $1::interval, woken_at = woken_at + $1::interval
       WHERE status IN ('pending', 'running')`,
      [by],
    );
    await client.query(
      `UPDATE pgboss.job SET heartbeat_on = heartbeat_on + $1::interval, start_after = start_after + $1::interval
       WHERE state IN ('created', 'retry', 'active')`,
      [by],
    );
    await client.query('UPDATE chores SET begun_at = begun_at + $1::interval', [by]);
  } finally {
    await client.end();
  }
}

/** The leases that a database gave before its clock went an hour ahead ran out long ago. */
export async function stepDatabaseClockForward(struck: InjectionContext): Promise<void> {
  await shiftWhatIsWritten(struck, '-1 hour');
}

/**
 * After an hour back, a lease that nobody renews any more and an entry that nobody has taken yet would last for an
 * hour.
 */
export async function stepDatabaseClockBack(struck: InjectionContext): Promise<void> {
  const { world, request } = struck;
  const worker = request === undefined ? undefined : world.workerOf(request.headers.authorization);
  await worker?.end('SIGKILL');
  await shiftWhatIsWritten(struck, '1 hour');
  await worker?.start();
}
