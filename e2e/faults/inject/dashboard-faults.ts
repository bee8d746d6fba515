import { setTimeout as wait } from 'node:timers/promises';
import type { InjectionContext } from '../fault.ts';
import { between, oneOf } from '../seeded-random.ts';

export async function killDashboard({ world, random }: InjectionContext): Promise<void> {
  const dashboard = world.dashboards[between(random, 0, 1)];
  await dashboard?.end('SIGKILL');
  await dashboard?.start();
}

/** For one or two seconds, connections break, new connections fail, data stalls or responses are lost. */
export async function holdLink({ world, random }: InjectionContext): Promise<void> {
  const { link } = world;
  const mode = oneOf(random, ['open', 'refuse', 'hold', 'lose responses'] as const);
  link.set(mode);
  if (mode !== 'hold') link.cut();
  await wait(between(random, 500, 2_000));
  link.set('open');
}
