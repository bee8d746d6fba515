import { CAST } from '../cast.ts';
import type { Act } from '../demo-event.ts';
import { personOrigin } from '../origins.ts';
import type { MachineScene, Step } from '../scene.ts';

const RULES = ['impossible_travel', 'many_downloads', 'new_country', 'public_link_created'];
const SECURITY_TEAM = CAST.filter((person) => person.team === 'security');

/** A scan that found little, or an alert that somebody looks at within half an hour. */
export function watchSecurity(scene: MachineScene): Step[] {
  const { random, world } = scene;
  if (random.chance(0.6)) return [{ afterMs: 0, act: scanCompleted(scene) }];
  const id = `alr_${random.hex(10)}`;
  const suspect = random.pick(CAST);
  const rule = random.pick(RULES);
  const raised = alertAct(id, 'alert.raised', {
    rule,
    severity: random.pick(['low', 'low', 'low', 'medium']),
    subject: { email: suspect.email, name: suspect.name },
    score: random.integer(100, 690) / 1000,
  });
  const analyst = random.pick(SECURITY_TEAM);
  const verdict = random.pick(['expected', 'false positive', 'user confirmed by phone']);
  return [
    { afterMs: 0, act: raised },
    {
      afterMs: random.small(60_000, 1_800_000),
      act: alertAct(id, 'alert.acknowledged', { rule, verdict }),
      by: personOrigin(analyst, world.roleOf(analyst), random),
    },
  ];
}

export function alertAct(id: string, action: string, metadata: Act['metadata']): Act {
  return {
    category: 'security',
    action,
    resource: { type: 'alert', id },
    metadata,
    tags: ['@oncall', 'detection'],
  };
}

function scanCompleted({ random }: MachineScene): Act {
  return {
    category: 'security',
    action: 'scan.completed',
    resource: { type: 'scan', id: `scn_${random.hex(10)}` },
    metadata: {
      target: random.pick(['dependencies', 'containers', 'public endpoints']),
      findings: { critical: 0, high: random.small(0, 3), medium: random.small(0, 14) },
      seconds: random.small(30, 4_000) / 8,
      integrity: random.integrity(),
    },
  };
}
