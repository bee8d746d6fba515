import type { InjectionContext } from '../fault.ts';
import { connect } from '../checker/connect.ts';

/** Another process cannot change the clock of PostgreSQL, so this moves all stored times in the opposite direction. */
async function shiftStoredTimes(
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

/** After the clock jumps forward by an hour, all existing leases have expired. */
export async function stepDatabaseClockForward(context: InjectionContext): Promise<void> {
  await shiftStoredTimes(context, '-1 hour');
}

/** After the clock jumps back by an hour, an abandoned lease and a waiting queue entry would last an hour longer. */
export async function stepDatabaseClockBack(context: InjectionContext): Promise<void> {
  const { world, request } = context;
  const worker = request === undefined ? undefined : world.workerOf(request.headers.authorization);
  await worker?.end('SIGKILL');
  await shiftStoredTimes(context, '1 hour');
  await worker?.start();
}
