import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool } from '../server/src/regions/connect.ts';
import { migrateDatabase } from '../server/src/regions/migrate.ts';
import { PERMISSIONS } from '../server/src/tenancy/api-key.ts';
import { issueApiKey } from '../server/src/tenancy/issue-api-key.ts';
import { makeEvents } from '../testing/make-events.ts';
import { ApiClient, type SeenJob } from './faults/api-client.ts';
import { type DatabaseServer, startDatabaseServer } from './faults/database-server.ts';
import { freePort } from './faults/free-port.ts';
import { ProgramPart } from './faults/program-part.ts';
import { patient } from '../testing/patience.ts';

const EVENTS = 2_000;

interface Region {
  readonly name: string;
  readonly database: DatabaseServer;
  readonly client: ApiClient;
}

const stack = new AsyncDisposableStack();
let regions: readonly [Region, Region];
let workers: readonly ProgramPart[];
beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-regions-'));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const ports = [await freePort(), await freePort()];
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  regions = [await openRegion('us', urls), await openRegion('eu', urls)];
  const each = (value: (region: Region) => string) =>
    regions.map((region) => `${region.name}=${value(region)}`).join(',');
  const environment = {
    REGION_DATABASE_URLS: each(({ database }) => database.url),
    ARTIFACT_STORES: each(({ name }) => pathToFileURL(join(directory, name)).href),
    LOG_LEVEL: 'silent',
  };
  workers = [new ProgramPart('worker', environment), new ProgramPart('worker', environment)];
  const apis = ports.map(
    (port) => new ProgramPart('api', { ...environment, API_PORT: String(port) }),
  );
  for (const part of [...apis, ...workers]) await stack.use(part).start();
}, patient(120_000));
afterAll(() => stack.disposeAsync());

async function openRegion(name: string, apiUrls: readonly string[]): Promise<Region> {
  const database = stack.use(await startDatabaseServer(`exhibit_${name}`));
  await migrateDatabase(database.url, 'regional');
  const owner = openPool(database.url, { role: 'owner', max: 1 });
  const companyId = randomUUID();
  await makeEvents(owner, { companyId, workspaceIds: [randomUUID()], rows: EVENTS });
  const wanted = { companyId, name, workspaceId: null, permissions: PERMISSIONS, expiresAt: null };
  const { key } = await issueApiKey(owner, name, wanted);
  await owner.end();
  return { name, database, client: new ApiClient(apiUrls, key) };
}

async function ask({ client }: Region): Promise<string> {
  const answer = await client.once('POST', '/v1/exports', { body: { format: 'JSONL' } });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return ((await answer.json()) as SeenJob).jobId;
}

async function succeeds({ client }: Region, jobId: string): Promise<void> {
  await expect
    .poll(async () => (await client.job(jobId)).status, { timeout: patient(45_000) })
    .toBe('succeeded');
  expect(await client.job(jobId)).toMatchObject({ rowsExported: EVENTS });
}

test(
  'an unavailable region does not affect the other one and resumes its work after recovery',
  async () => {
    const [us, eu] = regions;
    await Promise.all(regions.map(async (region) => succeeds(region, await ask(region))));
    const before = await ask(eu);
    await eu.database.kill();

    const refused = await eu.client.once('POST', '/v1/exports', { body: { format: 'JSONL' } });
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 'REGION_UNAVAILABLE' });
    expect((await eu.client.once('GET', '/ready')).status).toBe(503);
    expect((await eu.client.once('GET', '/health')).status).toBe(200);
    await succeeds(us, await ask(us));

    await eu.database.startAgain();
    await expect
      .poll(async () => (await eu.client.once('GET', '/ready')).status, {
        timeout: patient(20_000),
      })
      .toBe(200);
    await succeeds(eu, before);
    await succeeds(eu, await ask(eu));
    await succeeds(us, await ask(us));
  },
  patient(120_000),
);

test(
  'workers of two regions release their jobs in both regions during a rolling restart',
  async () => {
    const asked: [Region, string][] = [];
    for (const worker of workers) {
      for (const region of regions)
        for (let count = 0; count < 2; count++) asked.push([region, await ask(region)]);
      await worker.end('SIGTERM');
      await worker.start();
    }
    for (const [region, jobId] of asked) {
      await succeeds(region, jobId);
      expect(await region.client.job(jobId)).toMatchObject({ attempt: 1 });
    }
  },
  patient(60_000),
);
