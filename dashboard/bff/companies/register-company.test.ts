import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDashboard } from '../start-dashboard.ts';
import { type FakeApi, noContent, problem, startFakeApi } from '../testing/fake-api.ts';
import {
  Browser,
  createDashboardDatabase,
  evidenceOf,
  expectProblem,
  PASSWORD,
  signIn,
  type TestDashboardDatabase,
} from '../testing/test-dashboard.ts';
import { listCompanies } from './list-companies.ts';
import { registerCompany } from './register-company.ts';

const EXHIBIT = new URL('../../../exhibit/bin/exhibit.js', import.meta.url).pathname;
const PUBLIC_URL = 'https://audit.example.test';

let db: TestDashboardDatabase;
let api: FakeApi;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;

beforeAll(async () => {
  db = await createDashboardDatabase();
  api = await startFakeApi();
  dashboard = await startDashboard(db.options(api.url));
});
afterAll(async () => {
  await dashboard.stop();
  await api[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

const register = (wanted: { name: string; region?: string; ownerEmail?: string }, waitMs = 0) =>
  registerCompany(
    { databaseUrl: db.database.url, publicUrl: PUBLIC_URL, regions: ['us', 'eu'], waitMs },
    {
      region: 'eu',
      ownerEmail: `owner@${wanted.name.toLowerCase()}.test`,
      workspaces: ['Production', 'Staging'],
      ...wanted,
    },
  );
const accept = (url: string) =>
  new Browser(dashboard.url).send('POST', '/api/invitations/accept', {
    secret: url.split('#')[1],
    name: 'Owner',
    password: PASSWORD,
  });
const stateOf = async (id: string) =>
  (await listCompanies(db.database.url)).find((company) => company.id === id)?.state;

test('a second company is registered in its region, and its invitation link lets the owner join', async () => {
  await db.company();
  const made = await register({ name: 'Second' }, 10_000);
  expect(made).toMatchObject({ name: 'Second', region: 'eu', state: 'ready' });
  expect(made.invitation.url.startsWith(`${PUBLIC_URL}/invitation#`)).toBe(true);
  const told = api.seen.findLast(({ claims }) => claims['companyId'] === made.id);
  expect(told?.claims).toMatchObject({ aud: 'eu', role: 'SYSTEM' });
  expect(JSON.parse(told?.body ?? '')).toMatchObject({
    name: 'Second',
    workspaces: expect.arrayContaining([expect.objectContaining({ name: 'Staging' })]),
  });
  expect((await accept(made.invitation.url)).status).toBe(201);
  const owner = await signIn(dashboard.url, 'owner@second.test');
  expect(await owner.json('GET', '/api/me')).toMatchObject({
    role: 'OWNER',
    region: 'eu',
    apiUrl: api.url,
  });
  expect(await evidenceOf(owner)).toMatchObject([
    { type: 'COMPANY_CREATED', subjectId: made.id, user: { type: 'system', id: 'operator' } },
    { type: 'MEMBER_INVITED', user: { id: 'operator' } },
    { type: 'MEMBER_JOINED' },
  ]);
});

test('a company stays pending while its region is down and becomes ready once the region recovers', async () => {
  api.on('PUT /dashboard/company', problem(503, 'REGION_UNAVAILABLE'));
  const made = await register({ name: 'Waiting' }, 300);
  expect(made.state).toBe('pending');
  api.on('PUT /dashboard/company', noContent);
  await expect.poll(() => stateOf(made.id)).toBe('ready');
});

test('registering a company again before its owner joins returns the same company with a new link and revokes the old link', async () => {
  const first = await register({ name: 'Twice' });
  const [again, atOnce] = await Promise.all([
    register({ name: 'TWICE' }),
    register({ name: 'Twice' }),
  ]);
  expect([again.id, atOnce.id]).toEqual([first.id, first.id]);
  await expectProblem(await accept(first.invitation.url), 'INVITATION_INVALID');
  const statuses = [
    (await accept(again.invitation.url)).status,
    (await accept(atOnce.invitation.url)).status,
  ];
  expect(statuses.toSorted((a, b) => a - b)).toEqual([201, 410]);
  await expect(register({ name: 'Twice', ownerEmail: 'other@x.test' })).rejects.toMatchObject({
    code: 'NAME_TAKEN',
  });
});

test('invalid input is rejected and creates no company', async () => {
  const before = await listCompanies(db.database.url);
  const known = await db.company();
  for (const [wanted, code] of [
    [{ name: 'New', region: 'moon' }, 'VALIDATION_FAILED'],
    [{ name: ' ' }, 'VALIDATION_FAILED'],
    [{ name: 'New', ownerEmail: 'no address' }, 'VALIDATION_FAILED'],
    [{ name: 'New', ownerEmail: known.email('MEMBER') }, 'EMAIL_TAKEN'],
    [{ name: 'Second', region: 'us', ownerEmail: 'x@x.test' }, 'NAME_TAKEN'],
  ] as const)
    await expect(register(wanted), JSON.stringify(wanted)).rejects.toMatchObject({ code });
  expect(await listCompanies(db.database.url)).toHaveLength(before.length + 1);
});

test('"companies create" prints the invitation link, and "companies list" shows the company', async () => {
  const run = (...args: string[]) =>
    promisify(execFile)(EXHIBIT, ['companies', ...args], {
      env: {
        ...process.env,
        DASHBOARD_DATABASE_URL: db.database.url,
        DASHBOARD_URL: `${PUBLIC_URL}/`,
        REGION_DATABASE_URLS: 'mars=postgres://127.0.0.1:9/x',
      },
    });
  const wanted = ['--name', 'By Hand', '--region', 'mars', '--owner-email', 'Ana@Hand.test'];
  const { stdout } = await run('create', ...wanted);
  expect(stdout).toMatch(/Invitation for Ana@Hand\.test, until 20/);
  const url = /https:\/\/audit\.example\.test\/invitation#\S{43}/.exec(stdout)?.[0] ?? '';
  expect((await accept(url)).status).toBe(201);
  expect((await run('list')).stdout).toMatch(/By Hand +mars +\w+ +1 +1\n/);
  const listed = JSON.parse((await run('list', '--json')).stdout) as { name: string }[];
  expect(listed.map(({ name }) => name)).toContain('By Hand');
  await expect(run('create', ...wanted)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('has an account'),
  });
});
