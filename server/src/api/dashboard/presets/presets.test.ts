import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testUser, type TestUser } from '../../../../../testing/dashboard-user.ts';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../../testing/test-region.ts';

interface PresetJson {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly isDefault: boolean;
  readonly workspaceId: string | null;
  readonly query: Readonly<Record<string, unknown>>;
}

interface List {
  readonly data: readonly PresetJson[];
  readonly nextCursor: string | null;
}

let region: TestRegion;
let api: TestApi;
let company: TestCompany;
let mine: string;
let other: string;
let owner: TestUser;
let member: TestUser;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
});

beforeEach(async () => {
  company = await region.company(['Production', 'Staging']);
  [mine, other] = company.workspaceIds as unknown as [string, string];
  owner = testUser(api, { companyId: company.id });
  member = testUser(api, { companyId: company.id, role: 'MEMBER', workspaceIds: [mine] });
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

async function audited(id: string): Promise<string[]> {
  const { rows } = await region.owner.query<{ action: string }>(
    'SELECT action FROM audit_log WHERE company_id = $1 AND subject_id = $2 ORDER BY audit_id',
    [company.id, id],
  );
  return rows.map(({ action }) => action);
}

describe.each([
  { path: '/explorer/views', table: 'saved_explorer_views', extra: {}, prefix: 'SAVED_VIEW' },
  {
    path: '/export-templates',
    table: 'export_templates',
    extra: { format: 'CSV' },
    prefix: 'EXPORT_TEMPLATE',
  },
])('$path', ({ path, table, extra, prefix }) => {
  const create = (user: TestUser, body: object, status = 201) =>
    user.json<PresetJson>('POST', path, { body: { query: {}, ...extra, ...body }, status });
  const refuse = async (user: TestUser, body: object, code: Parameters<typeof expectProblem>[1]) =>
    expectProblem(
      await user.request('POST', path, { body: { query: {}, ...extra, ...body } }),
      code,
    );

  test('a saved view or template is created, read, changed and deleted, with an audit row for each step', async () => {
    const query = { categories: [' user', 'auth', 'auth'], range: { last: '24h' } };
    const made = await create(owner, { name: ' Sign-ins ', description: 'Who came', query });
    expect(made).toMatchObject({
      name: 'Sign-ins',
      description: 'Who came',
      query: { version: 1, range: { last: '24h' }, categories: ['auth', 'user'] },
      workspaceId: null,
      isDefault: false,
      createdBy: { id: owner.id, label: owner.email },
      version: 1,
    });
    expect(await owner.json('GET', `${path}/${made.id}`)).toEqual(made);
    expect((await owner.json<List>('GET', path)).data).toEqual([made]);
    const changed = await owner.json<PresetJson>('PATCH', `${path}/${made.id}`, {
      body: { name: 'Logins' },
    });
    expect(changed).toMatchObject({
      name: 'Logins',
      description: 'Who came',
      query: made.query,
      version: 2,
    });
    await owner.json('DELETE', `${path}/${made.id}`, { status: 204 });
    await expectProblem(await owner.request('GET', `${path}/${made.id}`), 'NOT_FOUND');
    expect(await audited(made.id)).toEqual(
      ['CREATED', 'UPDATED', 'DELETED'].map((done) => `${prefix}_${done}`),
    );
  });

  test('a change of an old version of a saved view or template is refused with the current version', async () => {
    const { id } = await create(owner, { name: 'v' });
    const send = (method: string, tag: string, body?: object) =>
      owner.request(method, `${path}/${id}`, {
        headers: { 'if-match': tag },
        ...(body === undefined ? {} : { body }),
      });
    expect((await send('PATCH', '"1"', { name: 'w' })).headers.get('etag')).toBe('"2"');
    for (const answer of [await send('PATCH', '"1"', { name: 'x' }), await send('DELETE', '1')])
      expect((await expectProblem(answer, 'VERSION_CONFLICT'))['currentVersion']).toBe(2);
    await expectProblem(await send('PATCH', 'yesterday', { name: 'x' }), 'VALIDATION_FAILED');
    await expectProblem(await send('PATCH', 'W/"2"', { name: 'x' }), 'VERSION_CONFLICT');
    await expectProblem(await send('PATCH', '"1", "other"', { name: 'x' }), 'VERSION_CONFLICT');
    expect((await send('PATCH', '"1", "2"', { name: 'y' })).headers.get('etag')).toBe('"3"');
    expect((await send('PATCH', '*', { name: 'z' })).headers.get('etag')).toBe('"4"');
    expect((await send('DELETE', '4')).status).toBe(204);
  });

  test('only one of several concurrent changes to the same saved view or template succeeds', async () => {
    const { id } = await create(owner, { name: 'v' });
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) =>
        owner.request('PATCH', `${path}/${id}`, { body: { name }, headers: { 'if-match': '"1"' } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409, 409]);
  });

  test('the name of a saved view or template is unique within its company or workspace', async () => {
    const { id } = await create(owner, { name: 'same' });
    await refuse(owner, { name: 'same ' }, 'NAME_TAKEN');
    await create(owner, { name: 'same', workspaceId: mine });
    const { id: second } = await create(owner, { name: 'other' });
    const rename = await owner.request('PATCH', `${path}/${second}`, { body: { name: 'same' } });
    await expectProblem(rename, 'NAME_TAKEN');
    await owner.json('DELETE', `${path}/${id}`, { status: 204 });
    await create(owner, { name: 'same' });
  });

  test('each creator has at most one default view or template per company or workspace', async () => {
    const first = await create(owner, { name: 'a', isDefault: true });
    const second = await create(owner, { name: 'b', isDefault: true });
    const placed = await create(owner, { name: 'c', isDefault: true, workspaceId: mine });
    const colleague = await create(member, { name: 'd', isDefault: true, workspaceId: mine });
    const defaults = async () =>
      (await owner.json<List>('GET', path)).data.filter((v) => v.isDefault).map(({ id }) => id);
    expect(await defaults()).toEqual([colleague.id, placed.id, second.id]);
    await owner.json('PATCH', `${path}/${first.id}`, { body: { isDefault: true } });
    expect(await defaults()).toEqual([colleague.id, placed.id, first.id]);
  });

  test('a saved view or template of a workspace filters by that workspace, also after it moves', async () => {
    const made = await create(owner, { name: 'v', workspaceId: mine, query: { category: 'auth' } });
    expect(made.query).toEqual({ version: 1, workspaceIds: [mine], categories: ['auth'] });
    const body = { name: 'w', workspaceId: mine, query: { workspaceId: other } };
    await refuse(owner, body, 'VALIDATION_FAILED');
    const moved = await owner.json<PresetJson>('PATCH', `${path}/${made.id}`, {
      body: { workspaceId: other },
    });
    expect(moved).toMatchObject({ workspaceId: other, query: { workspaceIds: [other] } });
    const wide = await owner.json<PresetJson>('PATCH', `${path}/${made.id}`, {
      body: { workspaceId: null },
    });
    expect(wide.query).toEqual({ version: 1, categories: ['auth'] });
  });

  test.each([
    [{ name: '' }],
    [{ name: '   ' }],
    [{ name: 'n'.repeat(121) }],
    [{ name: '😀'.repeat(121) }],
    [{ name: 'a\nb' }],
    [{ name: 'v', description: 'd'.repeat(2001) }],
    [{ name: 'v', query: { categry: 'auth' } }],
    [{ name: 'v', query: null }],
    [{ name: 'v', colour: 'red' }],
    [{ name: 'v', workspaceId: 'x' }],
  ])('a saved view or template with the body %j is refused', async (body) => {
    await refuse(owner, body, 'VALIDATION_FAILED');
  });

  test('a saved view or template with a name and description of the maximum length is stored', async () => {
    const body = { name: '😀'.repeat(120), description: 'ü\n'.repeat(999) };
    expect(await create(owner, body)).toMatchObject({ name: body.name });
  });

  test('a saved view or template with an empty filter list is refused', async () => {
    await refuse(owner, { name: 'v', query: { categories: [] } }, 'EMPTY_FILTER');
  });

  test('a saved view or template for a foreign workspace is refused whether it exists or not', async () => {
    const foreign = (await region.company()).workspaceIds[0];
    for (const workspaceId of [foreign, randomUUID()]) {
      await refuse(owner, { name: 'v', workspaceId }, 'WORKSPACE_FORBIDDEN');
      await refuse(owner, { name: 'v', query: { workspaceId } }, 'WORKSPACE_FORBIDDEN');
    }
    await refuse(member, { name: 'v', workspaceId: other }, 'WORKSPACE_FORBIDDEN');
  });

  test('a member sees the saved views or templates of their workspaces and changes only their own', async () => {
    await refuse(member, { name: 'v' }, 'PERMISSION_DENIED');
    const wide = await create(owner, { name: 'wide' });
    const elsewhere = await create(owner, { name: 'elsewhere', workspaceId: other });
    const here = await create(owner, { name: 'here', workspaceId: mine });
    const own = await create(member, { name: 'own', workspaceId: mine });
    expect((await member.json<List>('GET', path)).data).toEqual([own, here]);
    for (const { id } of [wide, elsewhere])
      for (const method of ['GET', 'DELETE'])
        await expectProblem(await member.request(method, `${path}/${id}`), 'NOT_FOUND');
    const rename = { body: { name: 'mine now' } };
    await expectProblem(
      await member.request('PATCH', `${path}/${here.id}`, rename),
      'PERMISSION_DENIED',
    );
    await expectProblem(await member.request('DELETE', `${path}/${here.id}`), 'PERMISSION_DENIED');
    await member.json('PATCH', `${path}/${own.id}`, rename);
    const widen = { body: { workspaceId: null } };
    await expectProblem(
      await member.request('PATCH', `${path}/${own.id}`, widen),
      'PERMISSION_DENIED',
    );
    await owner.json('DELETE', `${path}/${own.id}`, { status: 204 });
  });

  test('a member who leaves a workspace no longer sees the saved views or templates that they created there', async () => {
    const { id } = await create(member, { name: 'v', workspaceId: mine });
    const moved = testUser(api, {
      companyId: company.id,
      role: 'MEMBER',
      workspaceIds: [other],
      id: member.id,
    });
    await expectProblem(await moved.request('GET', `${path}/${id}`), 'NOT_FOUND');
    expect((await moved.json<List>('GET', path)).data).toEqual([]);
  });

  test('the list of saved views or templates is paged by cursor and can be filtered by workspace', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) await create(owner, { name, workspaceId: name < 'd' ? mine : null });
    const first = await owner.json<List>('GET', `${path}?limit=3`);
    const second = await owner.json<List>('GET', `${path}?limit=3&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data].map(({ name }) => name)).toEqual(names.toReversed());
    expect(second.nextCursor).toBeNull();
    const placed = await owner.json<List>('GET', `${path}?workspaceId=${mine}`);
    expect(placed.data.map(({ name }) => name)).toEqual(['c', 'b', 'a']);
    await expectProblem(
      await member.request('GET', `${path}?workspaceId=${other}`),
      'WORKSPACE_FORBIDDEN',
    );
  });

  test('a saved view or template of another company is answered like an unknown one', async () => {
    const { id } = await create(owner, { name: 'v' });
    const stranger = testUser(api, { companyId: (await region.company()).id });
    for (const send of [
      () => stranger.request('GET', `${path}/${id}`),
      () => stranger.request('PATCH', `${path}/${id}`, { body: { name: 'x' } }),
      () => stranger.request('DELETE', `${path}/${id}`),
      () => stranger.request('POST', `${path}/${id}/run`),
      () => owner.request('GET', `${path}/${randomUUID()}`),
      () => owner.request('GET', `${path}/x`),
    ])
      await expectProblem(await send(), 'NOT_FOUND');
    const { rows } = await region.owner.query(`SELECT name FROM ${table} WHERE company_id = $1`, [
      company.id,
    ]);
    expect(rows).toEqual([{ name: 'v' }]);
  });
});

describe('running a saved view', () => {
  test('running a saved view returns its canonical query and leaves an audit row', async () => {
    const body = { name: 'v', query: { range: { previous: 'week' }, category: 'auth' } };
    const { id } = await owner.json<PresetJson>('POST', '/explorer/views', { body, status: 201 });
    expect(await owner.json('POST', `/explorer/views/${id}/run`)).toEqual({
      query: { version: 1, range: { previous: 'week' }, categories: ['auth'] },
    });
    expect(await audited(id)).toEqual(['SAVED_VIEW_CREATED', 'SAVED_VIEW_RUN']);
  });
});

test('a template stores its export options, and each can be changed separately', async () => {
  const body = { name: 't', query: {}, format: 'CSV', csv: { bom: true } };
  const made = await owner.json<PresetJson>('POST', '/export-templates', { body, status: 201 });
  expect(made).toMatchObject({
    format: 'CSV',
    compression: 'none',
    csv: { formulaGuard: true, bom: true },
  });
  const patch = { body: { compression: 'gzip', csv: { formulaGuard: false } } };
  expect(await owner.json('PATCH', `/export-templates/${made.id}`, patch)).toMatchObject({
    format: 'CSV',
    compression: 'gzip',
    csv: { formulaGuard: false, bom: true },
  });
  const wrong = await owner.request('POST', '/export-templates', {
    body: { ...body, format: 'XML' },
  });
  await expectProblem(wrong, 'VALIDATION_FAILED');
});
