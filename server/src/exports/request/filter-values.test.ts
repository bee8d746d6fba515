import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testUser, type TestUser } from '../../../../testing/dashboard-user.ts';
import { finishedExport } from '../../../../testing/finished-export.ts';
import { startTestApi, type TestApi } from '../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../testing/test-region.ts';
import { type ExportWorker, startExportWorker } from '../run/export-worker.ts';

let region: TestRegion;
let api: TestApi;
let worker: ExportWorker;
let company: TestCompany;
let owner: TestUser;
let key: string;

/** Members of each event by its action; as text, so that numbers are sent as written here. */
const EVENTS: Readonly<Record<string, string>> = {
  n1250: '"metadata":{"n":12.50}',
  n125: '"metadata":{"n":1.25e+1}',
  s1250: '"metadata":{"n":"12.50"}',
  n1000: '"metadata":{"n":1000}',
  n1000f: '"metadata":{"n":1000.0}',
  n1e3: '"metadata":{"n":1E3}',
  nBig: '"metadata":{"n":9007199254740993}',
  nBigLess: '"metadata":{"n":9007199254740992}',
  nTiny: '"metadata":{"n":1e-1000}',
  nHuge: '"metadata":{"n":-1e1000}',
  nLong: `"metadata":{"n":7.${'0'.repeat(100_000)}}`,
  nLongInteger: `"metadata":{"n":${'9'.repeat(200_000)}}`,
  nLongFraction: `"metadata":{"n":0.${'1'.repeat(50_000)}e-1000}`,
  nZeros: `"metadata":{"n":1${'0'.repeat(900)}e-900}`,
  nNegativeZero: '"metadata":{"n":-0.0e5}',
  sWord: '"metadata":{"n":"1e3 or so"}',
  sInfinity: '"metadata":{"n":"Infinity"}',
  true: '"metadata":{"n":true}',
  null: '"metadata":{"n":null}',
  object: '"metadata":{"n":{"a":1}}',
  missing: '"metadata":{}',
  dots: '"metadata":{"a.b":{"c":1},"list":[{"id":5},{"id":6}]}',
  nested: '"metadata":{"a":{"b":{"c":1}},"metadata":{"x":1}}',
  plain: '"metadata":{"x":1}',
  email: '"actor":{"email":"Anna.Müller@Example.TEST"}',
  ip6: '"ipAddress":"2001:0DB8:0:0:0:0:0:7"',
  ip6Short: '"ipAddress":"2001:db8::7"',
  ip4: '"ipAddress":"10.1.2.3"',
  ip4Mapped: '"ipAddress":"::FFFF:0a01:0203"',
  ipGarbage: '"ipAddress":"10.1.2.3, 10.9.9.9"',
  ipAlmost: '"ipAddress":"2001:db8::7::"',
  ipLong: `"ipAddress":"${'1:'.repeat(5_000)}"`,
  nfc: '"resource":{"id":"Café Noir"}',
  nfd: '"resource":{"id":"Cafe\u0301 Noir"}',
  tagged: '"tags":["alpha","needle in a tag"]',
  role: '"actor":{"role":"needle role"}',
  project: '"projectId":"needle project"',
  agent: '"userAgent":"Needle/1.0"',
};

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
  worker = await startExportWorker(region.worker());
  company = await region.company();
  owner = testUser(api, { companyId: company.id });
  key = await region.key(company);
  const [workspaceId] = company.workspaceIds;
  for (const [action, members] of Object.entries(EVENTS)) {
    const body = `{"workspaceId":"${workspaceId}","category":"c","action":"${action}",${members}}`;
    const answer = await api.request(key, 'POST', '/v1/events', { body });
    expect(answer.status, await answer.clone().text()).toBe(201);
  }
});

afterAll(async () => {
  await worker?.stop();
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

/** Actions of the events that the list finds; checks that histogram, estimate and both public lists agree. */
async function found(filters: string): Promise<string[]> {
  const body = `{"filters":${filters}}`;
  const page = await owner.json<{ data: { action: string }[]; total: number }>(
    'POST',
    '/events/search',
    { body },
  );
  const { length } = page.data;
  expect(page.total).toBe(length);
  const options = { body };
  expect(await owner.json('POST', '/events/metrics/histogram', options)).toMatchObject({
    total: length,
  });
  expect(await owner.json('POST', '/exports/estimate', options)).toMatchObject({ rows: length });
  const { data } = (await (
    await api.request(key, 'POST', '/v1/events/search', { body })
  ).json()) as typeof page;
  expect(data).toHaveLength(length);
  return page.data.map(({ action }) => action).sort();
}

const metadata = (path: string, value: string, op = 'eq') =>
  found(`{"metadata":[{"path":${JSON.stringify(path)},"op":"${op}","value":${value}}]}`);

describe('metadata filters find a number by its value', () => {
  test.each([
    ['12.5', ['n125', 'n1250']],
    ['12.50', ['n125', 'n1250']],
    ['125e-1', ['n125', 'n1250']],
    ['"12.50"', ['n125', 'n1250', 's1250']],
    ['1000', ['n1000', 'n1000f', 'n1e3']],
    ['1e3', ['n1000', 'n1000f', 'n1e3']],
    ['"1.0e3"', ['n1000', 'n1000f', 'n1e3']],
    ['9007199254740993', ['nBig']],
    ['9007199254740992', ['nBigLess']],
    ['"9007199254740993"', ['nBig']],
    ['9007199254740993.000', ['nBig']],
    ['1e-1000', ['nTiny']],
    ['-1e1000', ['nHuge']],
    ['7', ['nLong']],
    ['1', ['nZeros']],
    ['0', ['nNegativeZero']],
    ['"Infinity"', ['sInfinity']],
    ['true', ['true']],
    ['"true"', ['true']],
    ['null', ['null']],
    ['"null"', []],
  ])(
    'a metadata filter for the value %s finds the events with that value',
    async (value, actions) => {
      expect(await metadata('n', value)).toEqual(actions);
    },
  );

  test('no stored event fails an export that filters by a number, and the file equals the list', async () => {
    const filters = { metadata: [{ path: 'n', op: 'eq', value: 1000 }] };
    const job = await finishedExport(api, key, { format: 'JSONL', filters });
    expect(job).toMatchObject({ status: 'succeeded', rowsExported: 3, rowsExpected: 3 });
    const exact = { format: 'JSONL', filters: JSON.parse('{"actions":["nBig"]}') as object };
    expect(await finishedExport(api, key, exact)).toMatchObject({ rowsExported: 1 });
  });

  test('a saved view, a query string and a job keep all digits of a number', async () => {
    const body =
      '{"name":"Digits","query":{"metadata":[{"path":"n","op":"eq","value":9007199254740993}]}}';
    const view = await owner.json<{ query: object }>('POST', '/explorer/views', {
      body,
      status: 201,
    });
    expect(JSON.stringify(view.query)).toContain('"9007199254740993"');
    expect(await found(JSON.stringify(view.query))).toEqual(['nBig']);
    const condition = encodeURIComponent('[{"path":"n","op":"eq","value":9007199254740993}]');
    const listed = await owner.json('GET', `/events?metadata=${condition}`);
    expect(listed).toMatchObject({ total: 1 });
  });

  test('the operator exists matches null, and contains searches the text as sent', async () => {
    const all = await found('{"metadata":[{"path":"n","op":"exists"}]}');
    expect(all).toContain('null');
    expect(all).not.toContain('missing');
    expect(await metadata('n', '"2.50"', 'contains')).toEqual(['n1250', 's1250']);
  });
});

describe('a metadata path', () => {
  test.each([
    ['"a.b".c', ['dots']],
    ["['a.b'].c", ['dots']],
    ['a.b.c', ['nested']],
    ['$.a.b.c', ['nested']],
    ['metadata.a.b.c', ['nested']],
    ['metadata.x', ['nested', 'plain']],
    ['"metadata".x', ['nested']],
    ['$.metadata.x', ['nested']],
    ['$.x', ['plain']],
  ])('the metadata path %s finds the events with that path', async (path, actions) => {
    expect(await metadata(path, '1')).toEqual(actions);
  });

  test('a metadata path accepts a position in brackets or as a name', async () => {
    for (const path of ['list[1].id', 'list.1.id'])
      expect(await metadata(path, '6')).toEqual(['dots']);
    expect(await metadata('list[0].id', '6')).toEqual([]);
  });
});

describe('filters on the actor and the IP address', () => {
  test.each(['anna.müller@example.test', 'ANNA.MÜLLER@EXAMPLE.TEST'])(
    'an email address is found ignoring case: %s',
    async (email) => {
      expect(await found(JSON.stringify({ actorEmails: [email] }))).toEqual(['email']);
      expect(await found(JSON.stringify({ actorEmails: [email, 'x@y.z'] }))).toEqual(['email']);
    },
  );

  test('an export contains the IP address as sent', async () => {
    const filters = { actorEmails: ['anna.müller@example.test'] };
    for (const format of ['JSONL', 'CSV']) {
      const { jobId } = await finishedExport(api, key, { format, filters });
      const file = await api.request(key, 'GET', `/v1/exports/${jobId}/download`);
      expect(await file.text()).toContain('Anna.Müller@Example.TEST');
    }
  });

  const v6 = ['ip6', 'ip6Short'];
  const v4 = ['ip4', 'ip4Mapped'];
  test.each([
    ['2001:db8::7', v6],
    ['2001:DB8:0::0:7', v6],
    ['2001:db8::/32', v6],
    ['2001:db8:0:0:ffff::/16', v6],
    ['::/0', ['ip4Mapped', ...v6]],
    ['10.1.2.3', v4],
    ['::ffff:10.1.2.3', v4],
    ['10.0.0.0/8', v4],
    ['10.255.0.0/8', v4],
    ['0.0.0.0/0', v4],
    ['10.1.2.2/31', v4],
    ['10.2.0.0/16', []],
    ['10.1.2.3, 10.9.9.9', ['ipGarbage']],
    ['2001:db8::7::', ['ipAlmost']],
  ])('the IP address %s finds %j', async (address, actions) => {
    expect(await found(JSON.stringify({ ipAddresses: [address] }))).toEqual(actions);
  });
});

describe('the search', () => {
  test.each(['Café', 'CAFE\u0301', 'é noir', 'e\u0301 Noir'])(
    'the search for %s finds the text in NFC and in NFD',
    async (search) => {
      expect(await found(JSON.stringify({ search }))).toEqual(['nfc', 'nfd']);
    },
  );

  test('the search covers tags, role, project and user agent', async () => {
    const actions = ['agent', 'project', 'role', 'tagged'];
    expect(await found('{"search":"NEEDLE"}')).toEqual(actions);
    expect(await found('{"search":"alpha\\u0001needle"}')).toEqual([]);
  });
});
