import type { Occurrence } from '../demo-event.ts';
import { serviceOrigin, type ServiceName } from '../origins.ts';
import type { Random } from '../random.ts';
import { type MachineScene, type Step, toOccurrence } from '../scene.ts';
import type { World } from '../world.ts';
import { backUp } from './backups.ts';
import { deploy } from './deployments.ts';
import { invoice } from './invoices.ts';
import { callWithKey } from './key-calls.ts';
import { watchSecurity } from './security-watch.ts';
import { deliverWebhook } from './webhook-deliveries.ts';

interface Machine {
  readonly weight: number;
  /** Who acts, in steps that do not say. */
  readonly service: ServiceName;
  /** The only workspace it works in, by name. */
  readonly workspace?: string;
  run(scene: MachineScene): readonly Step[];
}

const MACHINES: readonly Machine[] = [
  { weight: 5, service: 'webhook-relay', run: deliverWebhook },
  { weight: 5, service: 'webhook-relay', run: callWithKey },
  { weight: 2.5, service: 'ci-deployer', workspace: 'Production', run: deploy },
  { weight: 2, service: 'backup-agent', run: backUp },
  { weight: 2, service: 'billing-bot', workspace: 'Production', run: invoice },
  { weight: 1.5, service: 'security-monitor', workspace: 'Security', run: watchSecurity },
];

/** What a service account does at one go, under one trace id. */
export function machineStory(atMs: number, world: World, random: Random): Occurrence[] {
  const machine = random.weighted(MACHINES, ({ weight }) => weight);
  const workspace =
    machine.workspace === undefined
      ? world.workspaceFor('engineering', random)
      : world.workspaceNamed(machine.workspace);
  const origin = serviceOrigin(machine.service, random);
  const steps = machine.run({ atMs, random, world, workspace });
  return steps.map((step) => toOccurrence(step, atMs, workspace.id, origin));
}
