import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EventIntake } from '../events/ingest/event-intake.ts';
import { openPool } from '../regions/connect.ts';
import { expectProblem } from '../../../testing/expect-problem.ts';
import { sendRaw } from '../../../testing/processes/raw-http.ts';
import { startTestApi, type TestApi } from '../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../testing/test-region.ts';

let region: TestRegion;
let api: TestApi;
let company: TestCompany;
let key: string;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
  company = await region.company();
  key = await region.key(company);
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

/** A whole request as text; `lines` are headers. */
const raw = (start: string, lines: readonly string[] = [], body = '') =>
  [`${start} HTTP/1.1`, 'Host: api', 'Connection: close', ...lines, '', body].join('\r\n');
const authorization = () => `Authorization: Bearer ${key}`;

describe('an unknown address', () => {
  test.each([
    ['GET', '/'],
    ['GET', '/v1'],
    ['GET', '/v2/events'],
    ['GET', '/v1/exports/a/b/c'],
    ['GET', '/V1/events'],
    ['GET', '//v1/events'],
    ['GET', '/v1/events/../../etc/passwd'],
    ['DELETE', '/v1/events'],
    ['PUT', '/v1/exports'],
    ['PATCH', '/v1/exports/00000000-0000-7000-8000-000000000000'],
    ['GET', '/v1/exports/00000000-0000-7000-8000-000000000000/cancel'],
    ['POST', '/v1/exports/00000000-0000-7000-8000-000000000000/download'],
  ])('the unknown address %s %s answers 404', async (method, path) => {
    await expectProblem(await api.request(key, method, path), 'NOT_FOUND');
  });

  test('an address that cannot be decoded is answered with a problem', async () => {
    const answer = await sendRaw(api.url, raw('GET /v1/exports/%zz', [authorization()]));
    await expectProblem(answer, 'VALIDATION_FAILED');
  });

  test('an id of more than 200 characters is answered like an unknown id', async () => {
    const answer = await api.request(key, 'GET', `/v1/exports/${'a'.repeat(201)}`);
    await expectProblem(answer, 'NOT_FOUND');
  });
});

describe('the body of a request', () => {
  test('a body of another type than JSON is refused', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/xml',
      'json',
    ]) {
      for (const path of ['/v1/events', '/v1/exports']) {
        const headers = { 'content-type': type };
        const answer = await api.request(key, 'POST', path, { body: '{}', headers });
        await expectProblem(answer, 'UNSUPPORTED_MEDIA_TYPE');
      }
    }
  });

  test('a body without a Content-Type is refused', async () => {
    const lines = [authorization(), 'Content-Length: 2'];
    const answer = await sendRaw(api.url, raw('POST /v1/exports', lines, '{}'));
    await expectProblem(answer, 'UNSUPPORTED_MEDIA_TYPE');
  });

  test('a JSON body with a charset is read', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=UTF-8' };
    const answer = await api.request(key, 'POST', '/v1/exports', { body: '{}', headers });
    expect((await expectProblem(answer, 'VALIDATION_FAILED')).errors?.[0]?.path).toBe('format');
  });

  test('a missing body is reported as malformed JSON', async () => {
    for (const path of ['/v1/events', '/v1/exports'])
      await expectProblem(await api.request(key, 'POST', path), 'MALFORMED_JSON');
  });

  test.each([
    ['/v1/exports', 1024 * 1024 + 1],
    ['/v1/events', 64 * 1024 * 1024 + 1],
  ])(
    'a body of POST %s with a Content-Length over the limit is refused before it is read',
    async (path, length) => {
      const lines = [
        authorization(),
        'Content-Type: application/json',
        `Content-Length: ${length}`,
      ];
      await expectProblem(await sendRaw(api.url, raw(`POST ${path}`, lines)), 'PAYLOAD_TOO_LARGE');
    },
  );

  test('a body that exceeds the limit while it is read is refused', async () => {
    const sending = httpRequest(`${api.url}/v1/exports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    });
    sending.on('error', () => undefined);
    const answered = new Promise<number | undefined>((resolve) =>
      sending.on('response', (answer) => resolve(answer.resume().statusCode)),
    );
    for (let n = 0; n < 17; n += 1) sending.write(Buffer.alloc(64 * 1024, ' '));
    expect(await answered).toBe(413);
    sending.destroy();
  });
});

describe('requests that cannot be parsed', () => {
  test('a request with headers of more than 64 KiB answers 431', async () => {
    const answer = await sendRaw(api.url, raw('GET /v1/events', [`X-Long: ${'x'.repeat(66_000)}`]));
    await expectProblem(answer, 'HEADERS_TOO_LARGE');
  });

  test.each([
    ['headers of more than 64 KiB', `GET / HTTP/1.1\r\nX-Long: ${'x'.repeat(66_000)}\r\n\r\n`, 431],
    ['an address of more than 64 KiB', `GET /${'x'.repeat(66_000)} HTTP/1.1\r\n\r\n`, 431],
    ['text that is not HTTP', 'hello\r\n\r\n', 400],
    [
      'two values of Content-Length',
      'POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
    ],
    [
      'a Content-Length that is not a number',
      'POST / HTTP/1.1\r\nContent-Length: ten\r\n\r\n',
      400,
    ],
    [
      'a Content-Length with chunks',
      'POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
  ])(
    'a request that cannot be parsed (%s) is answered with a problem',
    async (_what, text, status) => {
      const answer = await sendRaw(api.url, text);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
      expect(await answer.json()).toMatchObject({
        status,
        code: status === 431 ? 'HEADERS_TOO_LARGE' : 'VALIDATION_FAILED',
        detail: expect.stringMatching(/\S/) as string,
      });
    },
  );

  test('bytes after the end that Content-Length states are refused and not read as a second request', async () => {
    const lines = [authorization(), 'Content-Type: application/json', 'Content-Length: 2'];
    const answer = await sendRaw(api.url, raw('POST /v1/exports', lines, '{}GET /v1/events'));
    expect(answer.status).toBe(400);
  });
});

describe('errors of the server', () => {
  test('a region whose database is unavailable answers 503 with Retry-After, and other regions keep working', async () => {
    const nowhere = openPool('postgres://nobody@127.0.0.1:1/none', { role: 'api' });
    const away = {
      ...region.api,
      name: 'eu',
      pool: nowhere,
      reads: nowhere,
      intake: new EventIntake(nowhere),
    };
    const half = await startTestApi([region.api, away]);
    try {
      const lost = key.replace('exh_us_', 'exh_eu_');
      const answer = await half.request(lost, 'GET', '/v1/events');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      const { detail } = await expectProblem(answer, 'REGION_UNAVAILABLE');
      expect(detail).not.toMatch(/127\.0\.0\.1|ECONNREFUSED/);
      expect((await half.request(key, 'GET', '/v1/events')).status).toBe(200);
      expect((await fetch(`${half.url}/ready`)).status).toBe(503);
      expect((await fetch(`${half.url}/health`)).status).toBe(200);
    } finally {
      await half[Symbol.asyncDispose]();
      await nowhere.end();
    }
  });

  test('an unexpected error reveals no internal details', async () => {
    await region.owner.query('ALTER TABLE workspaces RENAME TO workspaces_hidden');
    try {
      const answer = await api.request(key, 'GET', '/v1/events');
      const problem = await expectProblem(answer, 'INTERNAL');
      expect(JSON.stringify(problem)).not.toMatch(/workspaces|relation|SELECT|\.ts/);
    } finally {
      await region.owner.query('ALTER TABLE workspaces_hidden RENAME TO workspaces');
    }
  });
});

test('every answer has its own request id and is not stored by caches', async () => {
  const answers = [
    await api.request(key, 'GET', '/v1/events'),
    await api.request(key, 'GET', '/v1/keys/status'),
    await api.request('', 'GET', '/nowhere'),
  ];
  const ids = new Set(answers.map(({ headers }) => headers.get('x-request-id')));
  expect(ids.size).toBe(3);
  for (const { headers } of answers) {
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test('a client that disconnects while it sends its body does not stop the api', async () => {
  const sending = httpRequest(`${api.url}/v1/events`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': 99,
    },
  });
  sending.on('error', () => undefined);
  sending.write('{"category":');
  await once(sending, 'socket');
  sending.destroy();
  expect((await api.request(key, 'GET', '/v1/events')).status).toBe(200);
});
