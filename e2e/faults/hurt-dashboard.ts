import { setTimeout as wait } from 'node:timers/promises';
import type { Struck } from './fault.ts';
import { between, oneOf } from './seeded-random.ts';
import { connect } from './checker/connect.ts';

export async function killDashboard({ world, random }: Struck): Promise<void> {
  const dashboard = world.dashboards[between(random, 0, 1)];
  await dashboard?.end('SIGKILL');
  await dashboard?.start();
}

/** Connections break, or also no new ones are made, bytes stand still, or answers get lost, for a second or two. */
export async function holdLink({ world, random }: Struck): Promise<void> {
  const { link } = world;
  const mode = oneOf(random, ['open', 'refuse', 'hold', 'lose answers'] as const);
  link.set(mode);
  if (mode !== 'hold') link.cut();
  await wait(between(random, 500, 2_000));
  link.set('open');
}

/**
 * What a database whose clock went an hour ahead makes of the leases it has given: they ran out long ago. Its clock
 * itself cannot be moved by a process beside it.
 */
export async function stepDatabaseClock({ world }: Struck): Promise<void> {
  const client = await connect(world.database.superuserUrl);
  try {
    await client.query(
      `UPDATE export_jobs SET lease_expires_at = lease_expires_at - interval '1 hour' WHERE status = 'running'`,
    );
    await client.query(
      `UPDATE pgboss.job SET heartbeat_on = heartbeat_on - interval '1 hour' WHERE state = 'active'`,
    );
  } finally {
    await client.end();
  }
}
