import { CAST } from '../cast.ts';
import type { Act, Metadata } from '../demo-event.ts';
import type { MachineScene, Step } from '../scene.ts';

const COMPONENTS = ['api', 'web', 'worker', 'billing', 'search-indexer', 'mail-gateway'];
const ENGINEERS = CAST.filter((person) => person.team === 'engineering');

/** Production only: started, then succeeded, or failed and rolled back. */
export function deploy({ atMs, random }: MachineScene): Step[] {
  const id = `dep_${random.hex(12)}`;
  const component = random.pick(COMPONENTS);
  const author = random.pick(ENGINEERS);
  const version = `${new Date(atMs).toISOString().slice(0, 10)}.${random.integer(1, 40)}`;
  const release = { component, version, commit: random.hex(40) };
  const started = deploymentAct(id, 'deployment.started', {
    ...release,
    environment: 'production',
    triggeredBy: { name: author.name, email: author.email },
  });
  const takesMs = random.integer(70_000, 900_000);
  if (random.chance(0.91)) {
    const checks = { passed: random.integer(120, 400), failed: 0, seconds: takesMs / 1000 };
    const image = random.integrity();
    const succeeded = deploymentAct(id, 'deployment.succeeded', {
      ...release,
      checks,
      integrity: image,
    });
    return [
      { afterMs: 0, act: started },
      { afterMs: takesMs, act: succeeded },
    ];
  }
  const reason = random.pick([
    'health check failed: 503 from /ready',
    'migration lock timeout',
    'canary: errors +4.2%',
  ]);
  const failed = deploymentAct(id, 'deployment.failed', { ...release, reason });
  const rolledBack = deploymentAct(id, 'deployment.rolled_back', {
    component,
    from: version,
    automatic: true,
  });
  return [
    { afterMs: 0, act: started },
    { afterMs: takesMs, act: failed },
    { afterMs: takesMs + random.integer(20_000, 120_000), act: rolledBack },
  ];
}

function deploymentAct(id: string, action: string, metadata: Metadata): Act {
  return {
    category: 'deployment',
    action,
    resource: { type: 'deployment', id },
    metadata,
    tags: ['production', 'release'],
  };
}
