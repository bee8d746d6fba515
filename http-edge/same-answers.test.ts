import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeApi, startFakeApi } from '../dashboard/bff/testing/fake-api.ts';
import {
  type Browser,
  createDashboardDatabase,
  signIn,
  type TestDashboardDatabase,
} from '../dashboard/bff/testing/test-dashboard.ts';
import { startDashboard } from '../dashboard/bff/start-dashboard.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import { createTestRegion, type TestRegion } from '../testing/test-region.ts';

let region: TestRegion;
let api: TestApi;
let key: string;
let db: TestDashboardDatabase;
let fakeApi: FakeApi;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;
let owner: Browser;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
  key = await region.key(await region.company());
  db = await createDashboardDatabase();
  fakeApi = await startFakeApi();
  dashboard = await startDashboard(db.options(fakeApi.url));
  owner = await signIn(dashboard.url, (await db.company()).email('OWNER'));
});
afterAll(async () => {
  await dashboard?.stop();
  await fakeApi?.[Symbol.asyncDispose]();
  await db?.[Symbol.asyncDispose]();
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

const JSON_TYPE = { 'content-type': 'application/json' };
const deep = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;

interface BadRequest {
  readonly name: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly code: string;
  readonly detail: RegExp;
}

const BAD_REQUESTS: readonly BadRequest[] = [
  {
    name: 'bytes that are not UTF-8',
    body: new Uint8Array(Buffer.from('7b2261223a22ff227d', 'hex')),
    code: 'MALFORMED_JSON',
    detail: /not valid UTF-8/,
  },
  { name: 'an empty body', body: '', code: 'MALFORMED_JSON', detail: /body is required/ },
  {
    name: 'JSON that ends too early',
    body: '{"name":"x"',
    code: 'MALFORMED_JSON',
    detail: /not valid JSON: /,
  },
  {
    name: 'a byte order mark',
    body: '\uFEFF{"name":"x"}',
    code: 'MALFORMED_JSON',
    detail: /not valid JSON: /,
  },
  {
    name: 'a duplicate key',
    body: '{"name":"x","name":"y"}',
    code: 'VALIDATION_FAILED',
    detail: /^name: duplicate key$/,
  },
  {
    name: 'a duplicate key, once with an escape',
    body: String.raw`{"a":{"b":1,"\u0062":2}}`,
    code: 'VALIDATION_FAILED',
    detail: /^a\.b: duplicate key$/,
  },
  {
    name: '65 levels of nesting',
    body: deep(65),
    code: 'VALIDATION_FAILED',
    detail: /nested more than 64 levels/,
  },
  {
    name: 'a NUL character',
    body: String.raw`{"name":"\u0000"}`,
    code: 'VALIDATION_FAILED',
    detail: /must not contain \\u0000/,
  },
  {
    name: 'a lone surrogate',
    body: String.raw`{"name":"\ud800"}`,
    code: 'VALIDATION_FAILED',
    detail: /lone surrogate/,
  },
  {
    name: 'a number with a huge exponent',
    body: '{"name":1e9999}',
    code: 'VALIDATION_FAILED',
    detail: /exponent beyond/,
  },
  {
    name: 'more than 1 MiB',
    body: ' '.repeat(1024 * 1024 + 1),
    code: 'PAYLOAD_TOO_LARGE',
    detail: /larger than the 1048576 bytes/,
  },
  {
    name: 'another content type',
    body: '{}',
    headers: { 'content-type': 'text/plain' },
    code: 'UNSUPPORTED_MEDIA_TYPE',
    detail: /application\/json/,
  },
  {
    name: 'a content encoding',
    body: '{}',
    headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
    code: 'UNSUPPORTED_MEDIA_TYPE',
    detail: /without a Content-Encoding/,
  },
];

test.each(BAD_REQUESTS)(
  'the api and the dashboard give the same answer to $name',
  async ({ body, headers = JSON_TYPE, code, detail }) => {
    const answers = [
      await api.request(key, 'POST', '/v1/exports', { body, headers }),
      await send('/api/workspaces', { body, headers }),
      // This route leaves evidence, so the dashboard reads the body before it calls the api.
      await send('/api/dashboard/exports', { body, headers }),
    ];
    const problems = await Promise.all(answers.map(problemOf));
    expect(problems[0]).toMatchObject({ code, detail: expect.stringMatching(detail) as string });
    expect(problems[1]).toEqual(problems[0]);
    if (isReadBeforeTheCall(body)) expect(problems[2]).toEqual(problems[0]);
  },
);

test('the api and the dashboard both accept 64 levels of nesting and pass them to the route', async () => {
  const options = { body: deep(64), headers: JSON_TYPE };
  for (const answer of [
    await api.request(key, 'POST', '/v1/exports', options),
    await send('/api/workspaces', options),
  ])
    expect(JSON.stringify(await problemOf(answer))).not.toContain('nested');
});

function send(
  path: string,
  init: { body: string | Uint8Array<ArrayBuffer>; headers: Readonly<Record<string, string>> },
): Promise<Response> {
  return fetch(`${dashboard.url}${path}`, {
    method: 'POST',
    body: init.body,
    headers: { ...init.headers, cookie: owner.cookie },
  });
}

/** The dashboard passes an empty body to the api unread. */
function isReadBeforeTheCall(body: string | Uint8Array): boolean {
  return body.length > 0;
}

/** The whole response, except the request id. */
async function problemOf(answer: Response) {
  const { requestId, ...document } = (await answer.json()) as Record<string, unknown>;
  expect(requestId).toBe(answer.headers.get('x-request-id'));
  return {
    ...document,
    httpStatus: answer.status,
    contentType: answer.headers.get('content-type'),
    cacheControl: answer.headers.get('cache-control'),
  };
}
