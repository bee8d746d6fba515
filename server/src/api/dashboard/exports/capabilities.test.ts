import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startExportWorker } from '../../../exports/run/export-worker.ts';
import type { Capabilities } from '../../../exports/request/probe-capabilities.ts';
import { migrateDatabase } from '../../../regions/migrate.ts';
import { openPool } from '../../../regions/connect.ts';
import { ArtifactStoreError } from '../../../storage/artifact-store.ts';
import { testUser, type TestUser } from '../../../../../testing/dashboard-user.ts';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../../../../../testing/test-region.ts';
import { patient } from '../../../../../testing/patience.ts';

const YES = { supported: true, reason: null };

let region: TestRegion;
let api: TestApi;
let user: TestUser;

beforeAll(async () => {
  // A region migrated up to just before the first of the two named migrations.
  region = await createTestRegion('us', '20260216115959');
  api = await startTestApi([region.api]);
  user = testUser(api, { companyId: (await region.company()).id });
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

const capabilities = (who = user) => who.json<Capabilities>('GET', '/exports/capabilities');

describe('a region without the tables of views and templates', () => {
  test.each([
    ['/explorer/views', 'saved_explorer_views'],
    ['/export-templates', 'export_templates'],
  ])(
    'the list %s is empty with the header x-exhibit-schema-drift, and its other routes answer SCHEMA_DRIFT',
    async (path, table) => {
      const list = await user.request('GET', path);
      expect([list.status, list.headers.get('x-exhibit-schema-drift')]).toEqual([200, table]);
      expect(await list.json()).toEqual({ data: [], nextCursor: null });
      const body = {
        name: 'v',
        query: {},
        ...(table === 'export_templates' ? { format: 'CSV' } : {}),
      };
      const id = '00000000-0000-7000-8000-000000000000';
      for (const answer of [
        await user.request('POST', path, { body }),
        await user.request('GET', `${path}/${id}`),
        await user.request('PATCH', `${path}/${id}`, { body: { name: 'w' } }),
        await user.request('DELETE', `${path}/${id}`),
        await user.request('POST', `${path}/${id}/run`),
      ]) {
        expect(answer.headers.get('x-exhibit-schema-drift')).toBe(table);
        await expectProblem(answer, 'SCHEMA_DRIFT');
      }
    },
  );

  test('exports work without the table of views, except exports from a view', async () => {
    await user.json('POST', '/exports', { body: { format: 'CSV' }, status: 201 });
    const body = { format: 'CSV', savedExplorerViewId: '00000000-0000-7000-8000-000000000000' };
    await expectProblem(await user.request('POST', '/exports', { body }), 'SCHEMA_DRIFT');
    await user.json('GET', '/events');
  });

  test('the capabilities name each missing feature', async () => {
    const { savedViews, templates } = await capabilities();
    expect(savedViews.reason).toContain('no saved views yet');
    expect(templates.reason).toContain('no export templates yet');
  });

  test('a migrated region supports views and templates without a restart, one table at a time', async () => {
    await migrateDatabase(region.url, 'regional', { to: '20260216120000' });
    const views = await user.request('GET', '/explorer/views');
    expect(views.headers.get('x-exhibit-schema-drift')).toBeNull();
    await user.json('POST', '/explorer/views', { body: { name: 'v', query: {} }, status: 201 });
    const templates = await user.request('GET', '/export-templates');
    expect(templates.headers.get('x-exhibit-schema-drift')).toBe('export_templates');
    await migrateDatabase(region.url, 'regional');
    await user.json('POST', '/export-templates', {
      body: { name: 't', query: {}, format: 'CSV' },
      status: 201,
    });
    expect(await capabilities()).toMatchObject({ savedViews: YES, templates: YES });
  });
});

test('the capabilities support everything except the archive while a worker runs, and no exports without one', async () => {
  const none = await capabilities();
  expect(none.filteredHotExports.reason).toContain('No export worker');
  const worker = await startExportWorker(region.worker());
  try {
    await expect
      .poll(async () => (await capabilities()).filteredHotExports, { timeout: patient(30_000) })
      .toEqual(YES);
    expect(await capabilities()).toEqual({
      filteredHotExports: YES,
      templates: YES,
      savedViews: YES,
      formats: { JSONL: YES, CSV: YES },
      artifactStore: { ...YES, versioning: 'off', objectLock: 'off', notes: [] },
      sources: {
        HOT: YES,
        ARCHIVED: { supported: false, reason: expect.stringContaining('Archived') as string },
        HOT_AND_ARCHIVED: {
          supported: false,
          reason: expect.stringContaining('Archived') as string,
        },
      },
    });
  } finally {
    await worker.stop();
  }
  expect((await capabilities()).formats.CSV.supported).toBe(false);
});

test('the capabilities ignore a killed worker once its heartbeat is old', async () => {
  await region.owner.query(
    `INSERT INTO workers (worker_id, seen_at, version)
     VALUES (gen_random_uuid(), now() - interval '11 seconds', 1000)`,
  );
  expect((await capabilities()).filteredHotExports.supported).toBe(false);
  await region.owner.query('UPDATE workers SET seen_at = now()');
  expect(await capabilities()).toMatchObject({ filteredHotExports: YES });
});

test('a store that is not writable is reported, and probed at most every ten seconds', async () => {
  let probes = 0;
  const probe = () => {
    probes += 1;
    return Promise.reject(new ArtifactStoreError('full', '/secret/path is full'));
  };
  const broken = { ...region.api, store: { ...region.store, probe } };
  await using other = await startTestApi([broken]);
  const asking = testUser(other, { companyId: (await region.company()).id });
  for (let i = 0; i < 3; i += 1) {
    const { filteredHotExports } = await capabilities(asking);
    expect(filteredHotExports.reason).toContain('artifact store');
    expect(filteredHotExports.reason).not.toContain('/secret');
  }
  expect(probes).toBe(1);
});

test('capabilities and /ready report a missing store permission and the effect of object versions', async () => {
  const findings = {
    versioning: 'enabled',
    objectLock: 'off',
    notes: ['old versions stay'],
  } as const;
  const permissions = ['s3:AbortMultipartUpload'];
  const denied = new ArtifactStoreError('refused', 'secret-bucket', { permissions });
  const companyId = (await region.company()).id;
  for (const [probe, shown] of [
    [
      () => Promise.reject(denied),
      { supported: false, reason: expect.stringContaining('s3:Abort') },
    ],
    [() => Promise.resolve(findings), { supported: true, reason: null, ...findings }],
  ] as const) {
    const store = { ...region.api.store, probe };
    await using other = await startTestApi([{ ...region.api, store }]);
    const { artifactStore } = await capabilities(testUser(other, { companyId }));
    expect(artifactStore).toMatchObject(shown);
    const ready = await fetch(`${other.url}/ready`);
    expect(ready.status).toBe(200);
    const { artifactStores } = (await ready.json()) as { artifactStores: { us: object } };
    expect(artifactStores.us).toMatchObject(
      shown.supported
        ? { state: 'usable', reason: null, ...findings }
        : { state: 'unusable', reason: expect.stringContaining('s3:AbortMultipartUpload') },
    );
    expect(JSON.stringify([artifactStore, artifactStores])).not.toContain('secret-bucket');
  }
});

test('the capabilities of an unavailable region are reported with 200, and its other routes answer 503', async () => {
  const pool = openPool('postgres://exhibit@127.0.0.1:1/none', { role: 'api' });
  try {
    await using other = await startTestApi([{ ...region.api, pool, reads: pool }]);
    const asking = testUser(other, { companyId: (await region.company()).id });
    const { savedViews, sources } = await capabilities(asking);
    for (const { supported, reason } of [savedViews, sources.HOT])
      expect([supported, reason]).toEqual([false, expect.stringContaining('cannot be reached')]);
    await expectProblem(await asking.request('GET', '/events'), 'REGION_UNAVAILABLE');
  } finally {
    await pool.end();
  }
});

test('an unavailable region does not affect another region', async () => {
  const pool = openPool('postgres://exhibit@127.0.0.1:1/none', { role: 'api' });
  try {
    await using both = await startTestApi([
      region.api,
      { ...region.api, name: 'eu', pool, reads: pool },
    ]);
    const companyId = (await region.company()).id;
    await testUser(both, { companyId }).json('GET', '/events');
    const answer = await testUser(both, { companyId, region: 'eu' }).request('GET', '/events');
    await expectProblem(answer, 'REGION_UNAVAILABLE');
  } finally {
    await pool.end();
  }
});
