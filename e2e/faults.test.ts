import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkWorld } from './faults/checker/check-world.ts';
import { FAULTS } from './faults/fault-catalogue.ts';
import { type FaultWorld, startFaultWorld } from './faults/fault-world.ts';
import { createExport, runFault, waitUntilAllEnded } from './faults/run-fault.ts';
import { idOf, objectUrl, publish, SEEDED_BUGS, type Victim } from './faults/seeded-bugs.ts';
import { seededRandom } from './faults/seeded-random.ts';
import { untilSettled } from './faults/wait-until-settled.ts';
import { patient } from '../testing/patience.ts';

let world: FaultWorld;
let owner: pg.Pool;
let dashboard: pg.Pool;
beforeAll(async () => {
  world = await startFaultWorld(8_000);
  owner = new pg.Pool({ connectionString: world.database.url });
  owner.on('error', () => undefined);
  dashboard = new pg.Pool({ connectionString: world.database.dashboardUrl });
  dashboard.on('error', () => undefined);
}, patient(120_000));
afterAll(async () => {
  await owner?.end();
  await dashboard?.end();
  await world?.[Symbol.asyncDispose]();
});

// Only the fast faults. `npm run faults` runs all of them, several times each.
test.each([
  ['kill -9 of an api', 3],
  ['store confirms completions without storing', 1],
  ['cancel', 2],
  ['kill -9 of a dashboard', 1],
  ['network between dashboards and apis fails', 1],
])(
  'every export ends and every successful file is exact under the fault "%s"',
  async (name, seed) => {
    const fault = FAULTS.find((one) => one.name === name);
    if (fault === undefined) throw new Error('no such fault');
    const run = await runFault(world, fault, seededRandom(seed));
    expect(run.wrong).toEqual([]);
    expect(run.injected).toBe(true);
  },
  patient(60_000),
);

describe('the fault checker', () => {
  let victim: Victim;
  let row: Record<string, unknown>;
  let firstEvent: { id: string; seq: string };
  beforeAll(async () => {
    victim = await makeVictim();
    const jobs = await owner.query<Record<string, unknown>>(
      'SELECT status, cut::text, bytes, sha256, content_sha256, rows_exported FROM export_jobs WHERE job_id = $1',
      [victim.jobId],
    );
    row = jobs.rows[0] ?? {};
    const events = await owner.query<{ id: string; seq: string }>(
      'SELECT id, seq::text FROM events WHERE company_id = $1 AND id = $2',
      [victim.evidence.companyId, idOf(victim.lines[0])],
    );
    firstEvent = events.rows[0] ?? { id: '', seq: '' };
    await dashboard.query('CREATE TABLE evidence_before AS SELECT * FROM evidence');
    expect(await checkWorld(victim.evidence, [victim.jobId]), 'before any bug').toEqual([]);
  });

  test.each(SEEDED_BUGS)('the checker detects $name', async ({ seed, caught }) => {
    await seed(victim);
    const wrong = await checkWorld(victim.evidence, [...victim.evidence.jobs.keys()].slice(-2));
    expect(wrong.join('\n')).toMatch(caught);
    await undo();
  });

  test('the checker reports nothing for a correct export', async () => {
    expect(await checkWorld(victim.evidence, [victim.jobId])).toEqual([]);
  });

  test('the checker detects a changed cell of a CSV file', async () => {
    const { evidence } = victim;
    const jobId = await createExport(world, { ...VICTIM, format: 'CSV', byPerson: false });
    expect(await waitUntilAllEnded(world, [jobId])).toEqual([]);
    expect(await checkWorld(evidence, [jobId]), 'before the bug').toEqual([]);
    const csv = { owner, evidence, jobId, key: await artifactKey(jobId) };
    const content = await (await fetch(objectUrl(csv))).text();
    const rows = content.split('\r\n').length - 2;
    await publish(csv, content.replace('@acme.test', '@acme.tset'), rows);
    expect(await checkWorld(evidence, [jobId])).toEqual([
      expect.stringMatching(/row 1: actorEmail is user-\d+@acme\.tset, not user-\d+@acme\.test/),
    ]);
  });

  async function undo(): Promise<void> {
    const { evidence, jobId, key, lines } = victim;
    const url = (path: string) => `${evidence.bucketUrl}/${evidence.prefix}${path}`;
    await fetch(url(key), { method: 'PUT', body: lines.map((line) => `${line}\n`).join('') });
    await fetch(url('exports/orphan'), { method: 'DELETE' });
    await world.sweep([]);
    const uploads = await (await fetch(`${evidence.bucketUrl}?uploads`)).text();
    const id = /<UploadId>(.*?)<\/UploadId>/.exec(uploads)?.[1];
    if (id !== undefined) await fetch(url(`exports/half?uploadId=${id}`), { method: 'DELETE' });
    await owner.query(
      `UPDATE export_jobs SET status = $2, cut = $3::jsonb, bytes = $4, sha256 = $5, content_sha256 = $6,
         rows_exported = $7, waiting_since = NULL, woken_at = NULL WHERE job_id = $1`,
      [jobId, ...Object.values(row)],
    );
    await restoreEvidence();
    await owner.query(`UPDATE audit_log SET subject_id = $1 WHERE subject_id = 'unknown'`, [jobId]);
    await owner.query('UPDATE events SET seq = $3 WHERE company_id = $1 AND id = $2', [
      evidence.companyId,
      firstEvent.id,
      firstEvent.seq,
    ]);
    const unknownId = '00000000-0000-7000-8000-000000000000';
    evidence.jobs.delete(unknownId);
    (evidence.acknowledgedEvents as Set<string>).delete(unknownId);
  }
});

/** Also restores constraints, because some bugs drop the constraint that would prevent them. */
async function restoreEvidence(): Promise<void> {
  await dashboard.query(`
    DELETE FROM open_intents;
    DELETE FROM evidence;
    INSERT INTO evidence SELECT * FROM evidence_before;
    ALTER TABLE evidence
      DROP CONSTRAINT IF EXISTS evidence_settles_key, DROP CONSTRAINT IF EXISTS evidence_outbox_key,
      ADD CONSTRAINT evidence_settles_key UNIQUE (company_id, settles),
      ADD CONSTRAINT evidence_outbox_key UNIQUE (company_id, outbox_id)`);
}

const VICTIM = {
  format: 'JSONL',
  compression: 'none',
  category: 'auth',
} as const;

async function artifactKey(jobId: string): Promise<string> {
  const { rows } = await owner.query<{ artifact_key: string }>(
    'SELECT artifact_key FROM export_jobs WHERE job_id = $1',
    [jobId],
  );
  return rows[0]?.artifact_key ?? '';
}

/** Creates an export of generated events only, and another one by a person who has downloaded its file. */
async function makeVictim(): Promise<Victim> {
  const { evidence, person } = world;
  const personsJobId = await createExport(world, { ...VICTIM, byPerson: true });
  expect(await waitUntilAllEnded(world, [personsJobId])).toEqual([]);
  await person.download(personsJobId);
  const jobId = await createExport(world, { ...VICTIM, byPerson: false });
  expect(await waitUntilAllEnded(world, [jobId])).toEqual([]);
  await untilSettled(evidence);
  const key = await artifactKey(jobId);
  const file = await fetch(objectUrl({ evidence, key }));
  const lines = (await file.text()).trimEnd().split('\n');
  return { owner, dashboard, evidence, jobId, key, lines };
}
