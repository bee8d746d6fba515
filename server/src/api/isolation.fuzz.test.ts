import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ApiRegion } from './api-deps.ts';
import { EventIntake } from '../events/ingest/event-intake.ts';
import type { ExportDeps } from '../exports/export-deps.ts';
import { startExportWorker } from '../exports/run/export-worker.ts';
import { type DatabaseRole, openPool } from '../regions/connect.ts';
import { fuzzSettings } from '../../../testing/fuzz/fuzz-settings.ts';
import { type Findings, noFindings, play } from '../../../testing/isolation/play.ts';
import { randomChoice } from '../../../testing/isolation/random-choice.ts';
import { forgetCompanies } from '../../../testing/isolation/without-company-predicate.ts';
import { worldPlan } from '../../../testing/isolation/world.ts';
import type * as Access from '../tenancy/access.ts';
import type * as Authenticate from '../tenancy/authenticate.ts';
import type * as Scopes from '../tenancy/scope.ts';
import { startTestApi } from '../../../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../../../testing/test-region.ts';
import { patient } from '../../../testing/patience.ts';

const BOUNDED = 360;
const { cases, seed } = fuzzSettings(BOUNDED);
const STEPS_OF_A_WORLD = 60;
/** Share of a longer run to play with a check removed; `npm test` plays only until the model detects a difference. */
const SHARE = 0.25;
const MAX_WORLDS = 20;

/** The check that is currently removed. Only the module mocks below read it, so production has no such switch. */
const removed = vi.hoisted(() => ({ check: '' }));

vi.mock('../tenancy/scope.ts', async (importOriginal) => {
  const real = await importOriginal<typeof Scopes>();
  const whole = (scope: Parameters<typeof real.covers>[0]) => ({
    ...scope,
    workspaces: { kind: 'all' as const },
  });
  return {
    ...real,
    covers: (...args: Parameters<typeof real.covers>) =>
      removed.check === 'covers' || real.covers(...args),
    resolveWorkspaces: async (
      ...[client, scope, named]: Parameters<typeof real.resolveWorkspaces>
    ) =>
      removed.check === 'resolveWorkspaces'
        ? (named ?? real.listWorkspaceIds(client, whole(scope)))
        : real.resolveWorkspaces(client, scope, named),
    intersectWorkspaces: async (
      ...[client, scope, stored]: Parameters<typeof real.intersectWorkspaces>
    ) =>
      removed.check === 'intersectWorkspaces'
        ? stored
        : real.intersectWorkspaces(client, scope, stored),
    listWorkspaceIds: (...[client, scope]: Parameters<typeof real.listWorkspaceIds>) =>
      real.listWorkspaceIds(client, removed.check === 'listWorkspaceIds' ? whole(scope) : scope),
  };
});

vi.mock('../tenancy/access.ts', async (importOriginal) => {
  const real = await importOriginal<typeof Access>();
  return {
    ...real,
    requireAccess: (...args: Parameters<typeof real.requireAccess>) =>
      removed.check === 'requireAccess' ? 'company' : real.requireAccess(...args),
    requireNamedWorkspace: (...args: Parameters<typeof real.requireNamedWorkspace>) => {
      if (removed.check !== 'requireNamedWorkspace') real.requireNamedWorkspace(...args);
    },
    requireOwnPlace: (...args: Parameters<typeof real.requireOwnPlace>) => {
      if (removed.check !== 'requireOwnPlace') real.requireOwnPlace(...args);
    },
    requireOwnership: (...args: Parameters<typeof real.requireOwnership>) => {
      if (removed.check !== 'requireOwnership') real.requireOwnership(...args);
    },
  };
});

vi.mock('../tenancy/authenticate.ts', async (importOriginal) => {
  const real = await importOriginal<typeof Authenticate>();
  return {
    ...real,
    requirePermission: (...args: Parameters<typeof real.requirePermission>) => {
      if (removed.check !== 'requirePermission') real.requirePermission(...args);
    },
  };
});

const CHECKS = [
  'covers',
  'resolveWorkspaces',
  'intersectWorkspaces',
  'listWorkspaceIds',
  'requireAccess',
  'requireNamedWorkspace',
  'requireOwnPlace',
  'requireOwnership',
  'requirePermission',
] as const;

let region: TestRegion;

beforeAll(async () => {
  region = await createTestRegion();
});

afterAll(async () => {
  await region?.[Symbol.asyncDispose]();
});

interface Side {
  readonly apiRegion?: ApiRegion;
  readonly worker?: ExportDeps;
}

/** Plays random steps in worlds of random companies, over HTTP and with a worker, until `enough` returns true. */
async function playUntil(
  enough: (findings: Findings) => boolean,
  { apiRegion = region.api, worker: deps = region.worker() }: Side = {},
): Promise<Findings> {
  const findings = noFindings();
  await using api = await startTestApi([apiRegion]);
  const worker = await startExportWorker(deps);
  const steps = { minLength: STEPS_OF_A_WORLD, maxLength: STEPS_OF_A_WORLD };
  const games = fc.tuple(worldPlan, fc.array(randomChoice, steps));
  const numRuns = Math.max(MAX_WORLDS, Math.ceil(cases / STEPS_OF_A_WORLD));
  try {
    for (const game of fc.sample(games, { seed, numRuns })) {
      await play(region, api, game, findings);
      if (enough(findings)) break;
    }
  } finally {
    await worker.stop();
  }
  return findings;
}

/** Whether the model detected a difference and, in a longer run, the requested share of steps was played. */
function noticed({ steps, differences }: Findings): boolean {
  return differences.length > 0 && steps >= (cases > BOUNDED ? cases * SHARE : 0);
}

function report(what: string, { steps, leaks, differences, outcomes }: Findings): void {
  const found = { leaks: leaks.length, differences: differences.length };
  const yes = outcomes.get('yes') ?? 0;
  process.stdout.write(`isolation, ${what}: ${JSON.stringify({ seed, steps, yes, ...found })}\n`);
}

test(
  'every caller gets exactly the answers that a model of companies, roles and workspaces predicts',
  async () => {
    const findings = await playUntil(({ steps }) => steps >= cases);
    report('every check there', findings);
    expect(findings.leaks).toEqual([]);
    expect(findings.differences).toEqual([]);
    // Every kind of step was played, and both allowed and refused.
    expect(findings.byName.size).toBeGreaterThanOrEqual(25);
    expect(findings.outcomes.get('yes')).toBeGreaterThan(cases / 5);
    for (const code of [
      'NOT_FOUND',
      'WORKSPACE_FORBIDDEN',
      'WORKSPACE_REQUIRED',
      'PERMISSION_DENIED',
    ])
      expect(findings.outcomes.get(code), code).toBeGreaterThan(0);
  },
  patient(3_600_000),
);

describe('with one check of the application removed', () => {
  test.each(CHECKS)(
    'without the check %s no data of another company is returned, and the model detects the difference',
    async (check) => {
      removed.check = check;
      try {
        const findings = await playUntil(noticed);
        report(`without ${check}`, findings);
        expect(findings.leaks).toEqual([]);
        expect(findings.differences).not.toEqual([]);
      } finally {
        removed.check = '';
      }
    },
    3_600_000,
  );
});

describe('with the company removed from every SQL statement', () => {
  /** Plays with pools of the api and the worker that remove the company from every statement. */
  async function playForgetful(
    roles: readonly [DatabaseRole, DatabaseRole],
    enough: (findings: Findings) => boolean,
  ) {
    const [apiRole, workerRole] = roles;
    const pool = openPool(region.url, { role: apiRole, max: 8, pipeline: true });
    const reads = openPool(region.url, { role: apiRole, max: 8 });
    const worker = openPool(region.url, { role: workerRole, max: 8 });
    const pools = [pool, reads, worker];
    const forgotten = pools.map(forgetCompanies);
    try {
      const apiRegion = { ...region.api, pool, reads, intake: new EventIntake(pool) };
      const deps = { ...region.worker(), pool: worker };
      const findings = await playUntil(enough, { apiRegion, worker: deps });
      for (const count of forgotten) expect(count()).toBeGreaterThan(10);
      return findings;
    } finally {
      await Promise.all(pools.map((each) => each.end()));
    }
  }

  test(
    'row-level security alone gives every answer that the model predicts',
    async () => {
      const findings = await playForgetful(
        ['api', 'worker'],
        ({ steps }) => steps >= cases * SHARE,
      );
      report('without company_id in any statement', findings);
      expect(findings.leaks).toEqual([]);
      expect(findings.differences).toEqual([]);
    },
    patient(3_600_000),
  );

  test(
    'the model detects leaks if row-level security is disabled, too',
    async () => {
      const findings = await playForgetful(['owner', 'owner'], noticed);
      report('without company_id and without row-level security', findings);
      expect(findings.leaks).not.toEqual([]);
      expect(findings.differences).not.toEqual([]);
    },
    patient(3_600_000),
  );
});
