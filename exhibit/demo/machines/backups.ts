import type { MachineScene, Step } from '../scene.ts';

const DATABASES = ['app', 'billing', 'search', 'audit'];

/** One in fifty fails and is tried again ten minutes later. */
export function backUp({ workspace, random }: MachineScene): Step[] {
  const database = random.pick(DATABASES);
  const act = (action: string, metadata: Step['act']['metadata']): Step['act'] => ({
    category: 'backup',
    action,
    resource: { type: 'database', id: `${workspace.name.toLowerCase()}/${database}` },
    metadata: { kind: 'incremental', ...metadata },
  });
  const completed = act('backup.completed', {
    bytes: random.small(2_000_000, 90_000_000_000),
    seconds: random.small(4, 5_400),
    walRange: [`0/${random.hex(8).toUpperCase()}`, `0/${random.hex(8).toUpperCase()}`],
    integrity: random.integrity(),
  });
  if (random.chance(0.98)) return [{ afterMs: 0, act: completed }];
  const failed = act('backup.failed', { error: 'No space left on device', retryInMinutes: 10 });
  return [
    { afterMs: 0, act: failed },
    { afterMs: 600_000, act: completed },
  ];
}
