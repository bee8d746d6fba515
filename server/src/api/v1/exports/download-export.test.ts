import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ExportWorker, startExportWorker } from '../../../exports/run/export-worker.ts';
import { expectProblem } from '../../../../../testing/expect-problem.ts';
import { finishedExport } from '../../../../../testing/finished-export.ts';
import { gateStore } from '../../../../../testing/storage/gated-store.ts';
import { ArtifactStoreError } from '../../../storage/artifact-store.ts';
import { HTTP_LIMITS } from '../../../../../http-edge/http-limits.ts';
import { startTestApi, type TestApi } from '../../../../../testing/test-api.ts';
import {
  createTestRegion,
  type TestCompany,
  type TestRegion,
} from '../../../../../testing/test-region.ts';
import type { ExportJobJson } from '../../../../../testing/wait-for-export.ts';
import { patient } from '../../../../../testing/patience.ts';

let region: TestRegion;
let api: TestApi;
let worker: ExportWorker;
let key: string;
let company: TestCompany;
let job: ExportJobJson;
/** The content of the job's file. */
let file: Buffer;

beforeAll(async () => {
  region = await createTestRegion();
  api = await startTestApi([region.api]);
  worker = await startExportWorker(region.worker());
  company = await region.company();
  key = await region.key(company, { workspaceId: company.workspaceIds[0] });
  const event = { category: 'c', action: 'é', metadata: { text: 'x'.repeat(500) } };
  const events = Array.from({ length: 200 }, () => event);
  await api.request(key, 'POST', '/v1/events', { body: { events } });
  job = await finishedExport(api, key, { format: 'JSONL' });
  file = Buffer.from(await (await download()).arrayBuffer());
});

afterAll(async () => {
  await worker?.stop();
  await api?.[Symbol.asyncDispose]();
  await region?.[Symbol.asyncDispose]();
});

const download = (headers: Record<string, string> = {}, method = 'GET', of = job) =>
  api.request(key, method, `/v1/exports/${of.jobId}/download`, { headers });
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes);
const etag = () => `"sha256-${job.sha256}"`;

const VOLATILE = new Set(['date', 'x-request-id', 'keep-alive', 'connection']);
const stableHeaders = ({ headers }: Response) =>
  [...headers].filter(([name]) => !VOLATILE.has(name));

test('a download reports the remaining requests of its caller in the RateLimit header', async () => {
  await using limited = await startTestApi([region.api], {
    rateLimits: {
      perCaller: 9,
      perCompany: 0,
      ingestPerKey: 0,
      ingestPerCompany: 0,
      badKeysPerAddress: 0,
    },
  });
  const answer = await limited.request(key, 'GET', `/v1/exports/${job.jobId}/download`);
  expect(answer.headers.get('ratelimit')).toMatch(/^"caller";r=8;t=\d+$/);
  expect((await bytesOf(answer)).equals(file)).toBe(true);
});

test('a download has the headers that a client needs to save, verify and resume the file', async () => {
  const answer = await download();
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'application/x-ndjson',
    'content-length': String(job.bytes),
    'content-disposition': `attachment; filename="exhibit-${job.jobId}.jsonl"`,
    etag: etag(),
    'accept-ranges': 'bytes',
    'repr-digest': `sha-256=:${Buffer.from(job.sha256 ?? '', 'hex').toString('base64')}:`,
    'cache-control': 'no-store, no-transform',
  });
  const bytes = await bytesOf(answer);
  expect(bytes.length).toBe(job.bytes);
  expect(sha256(bytes).digest('hex')).toBe(job.sha256);
  expect(answer.headers.get('repr-digest')).toContain(sha256(bytes).digest('base64'));
  expect(bytes.toString('utf8').split('\n')).toHaveLength(201);
});

test('HEAD returns the headers of GET and no body', async () => {
  const [get, head] = [await download(), await download({}, 'HEAD')];
  expect(head.status).toBe(200);
  expect(await bytesOf(head)).toHaveLength(0);
  expect(stableHeaders(head)).toEqual(stableHeaders(get));
  await get.body?.cancel();
});

describe('the content type of a download', () => {
  const plain = (bytes: Buffer) => bytes;
  test.each([
    ['JSONL', 'none', 'application/x-ndjson', '.jsonl', plain],
    ['CSV', 'none', 'text/csv; charset=utf-8', '.csv', plain],
    ['JSONL', 'gzip', 'application/gzip', '.jsonl.gz', gunzipSync],
    ['CSV', 'gzip', 'application/gzip', '.csv.gz', gunzipSync],
    ['JSONL', 'zstd', 'application/zstd', '.jsonl.zst', zstdDecompressSync],
    ['CSV', 'zstd', 'application/zstd', '.csv.zst', zstdDecompressSync],
  ] as const)(
    'a download of %s with compression %s has the type of the stored file and no Content-Encoding',
    async (format, compression, type, extension, unpack) => {
      const made = await finishedExport(api, key, { format, compression });
      const answer = await download({ 'accept-encoding': 'gzip, zstd' }, 'GET', made);
      expect(answer.headers.get('content-type')).toBe(type);
      expect(answer.headers.get('content-encoding')).toBeNull();
      expect(answer.headers.get('content-disposition')).toContain(`${extension}"`);
      const bytes = await bytesOf(answer);
      expect(bytes.length).toBe(made.bytes);
      expect(sha256(bytes).digest('hex')).toBe(made.sha256);
      expect(sha256(unpack(bytes)).digest('hex')).toBe(made.contentSha256);
    },
  );
});

describe('range requests', () => {
  test.each([
    ['the first bytes', 'bytes=0-99', () => [0, 100]],
    ['one byte', 'bytes=7-7', () => [7, 8]],
    ['the rest', 'bytes=1000-', () => [1000, file.length]],
    ['the last bytes', 'bytes=-10', () => [file.length - 10, file.length]],
    ['more bytes than the file has', 'bytes=5-99999999', () => [5, file.length]],
  ] as const)('a range of %s returns exactly those bytes', async (_what, range, expected) => {
    const [start = 0, end = 0] = expected();
    const answer = await download({ range });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${file.length}`);
    expect(answer.headers.get('content-length')).toBe(String(end - start));
    expect(answer.headers.get('etag')).toBe(etag());
    expect((await bytesOf(answer)).equals(file.subarray(start, end))).toBe(true);
  });

  test.each([
    ['several ranges', 'bytes=0-9,20-29'],
    ['another unit', 'lines=0-9'],
    ['no unit', '0-9'],
    ['an empty list', 'bytes=,'],
  ])('a range header with %s is answered with the whole file', async (_what, range) => {
    const answer = await download({ range });
    expect(answer.status).toBe(200);
    expect((await bytesOf(answer)).equals(file)).toBe(true);
  });

  test.each([
    'bytes=99999999-',
    'bytes=99999998-99999999',
    'bytes=-0',
    'bytes=9-5',
    'bytes=some',
    'bytes=-',
  ])(
    'the range %s, outside the file or malformed, is refused with the size of the file',
    async (range) => {
      const answer = await download({ range });
      await expectProblem(answer, 'RANGE_NOT_SATISFIABLE');
      expect(answer.headers.get('content-range')).toBe(`bytes */${file.length}`);
    },
  );

  test('a range of more last bytes than the file has returns the whole file', async () => {
    const answer = await download({ range: 'bytes=-99999999' });
    expect((await bytesOf(answer)).equals(file)).toBe(true);
    expect(answer.status).toBe(206);
  });

  test('a range of another unit is ignored even if the same range in bytes is outside the file', async () => {
    const answer = await download({ range: 'lines=99999999-' });
    expect(answer.status).toBe(200);
  });

  test('a range from the break to the end resumes an interrupted download', async () => {
    const cut = Math.floor(file.length / 3);
    const rest = await download({ range: `bytes=${cut}-`, 'if-range': etag() });
    expect(rest.status).toBe(206);
    expect(Buffer.concat([file.subarray(0, cut), await bytesOf(rest)]).equals(file)).toBe(true);
  });
});

describe('conditional requests', () => {
  test.each([
    ['another file', '"sha256-00"'],
    ['a weak tag', 'W/"sha256-00"'],
    ['a date', 'Wed, 21 Oct 2026 07:28:00 GMT'],
  ])('If-Range of %s returns the whole file', async (_what, ifRange) => {
    const answer = await download({ range: 'bytes=0-9', 'if-range': ifRange });
    expect(answer.status).toBe(200);
    expect((await bytesOf(answer)).equals(file)).toBe(true);
  });

  test('If-Range with a weak tag never matches, even for the same file', async () => {
    const answer = await download({ range: 'bytes=0-9', 'if-range': `W/${etag()}` });
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  });

  test('If-Range of another file returns the whole file even for a range outside the file', async () => {
    const answer = await download({ range: 'bytes=99999999-', 'if-range': '"other"' });
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  });

  test('If-None-Match of this file answers 304 without a body', async () => {
    for (const tag of [etag(), `W/${etag()}`, `"other", ${etag()}`, '*']) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await download(
          { 'if-none-match': tag, 'cache-control': 'no-cache' },
          method,
        );
        expect(answer.status, tag).toBe(304);
        expect(answer.headers.get('etag')).toBe(etag());
        expect(await bytesOf(answer)).toHaveLength(0);
      }
    }
  });

  test.each(['GET', 'HEAD'])(
    'If-Match of another file answers %s with 412 and no bytes of the file',
    async (method) => {
      for (const tag of ['"other"', `W/${etag()}`, '"other", "sha256-00"', 'sha256', '']) {
        const answer = await download({ 'if-match': tag }, method);
        expect(answer.status, tag).toBe(412);
        expect(answer.headers.get('etag')).toBe(etag());
        if (method === 'GET') await expectProblem(answer, 'PRECONDITION_FAILED');
      }
    },
  );

  test('If-Match of this file, of a list that contains it, or of * returns the file', async () => {
    for (const tag of [etag(), `"other", ${etag()}`, `W/"x",${etag()}`, '*']) {
      const answer = await download({ 'if-match': tag, range: 'bytes=0-9' });
      expect(answer.status, tag).toBe(206);
      expect((await bytesOf(answer)).equals(file.subarray(0, 10))).toBe(true);
    }
  });

  test('If-Match is evaluated before If-None-Match and before the range', async () => {
    const both = await download({ 'if-match': '"other"', 'if-none-match': etag() });
    await expectProblem(both, 'PRECONDITION_FAILED');
    const outside = await download({ 'if-match': '"other"', range: 'bytes=99999999-' });
    await expectProblem(outside, 'PRECONDITION_FAILED');
    const same = await download({ 'if-match': etag(), 'if-none-match': etag() });
    expect(same.status).toBe(304);
  });

  test('a condition on a date is ignored, because a file has no Last-Modified', async () => {
    const date = 'Wed, 21 Oct 2015 07:28:00 GMT';
    for (const header of ['if-unmodified-since', 'if-modified-since']) {
      const answer = await download({ [header]: date });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('last-modified')).toBeNull();
      await answer.body?.cancel();
    }
  });

  test('If-None-Match of another file returns the file', async () => {
    const answer = await download({ 'if-none-match': '"other"' });
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  });
});

test('a stalled download is closed with its file, and concurrent downloads of a caller and a company are limited', async () => {
  const big = await finishedExport(api, key, { format: 'JSONL' });
  const bytes = 256 * 1024 * 1024;
  await region.owner.query('UPDATE export_jobs SET bytes = $2 WHERE job_id = $1', [
    big.jobId,
    bytes,
  ]);
  const opened: Readable[] = [];
  const open = async () => {
    const piece = Buffer.alloc(64 * 1024);
    const file = Readable.from(Array.from({ length: bytes / piece.length }, () => piece));
    opened.push(file);
    return file;
  };
  const store = Object.assign(Object.create(region.api.store) as typeof region.api.store, {
    open,
    stat: async () => ({ bytes }),
  });
  await using other = await startTestApi(
    [{ ...region.api, store }],
    { downloadsPerCaller: 2, downloadsPerCompany: 2 },
    undefined,
    { ...HTTP_LIMITS, stalledMs: 2_000 },
  );
  const { hostname, port } = new URL(other.url);
  const path = `/v1/exports/${big.jobId}/download`;
  const sockets = await Promise.all(
    [1, 2].map(async () => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`);
      await once(socket, 'readable');
      return socket;
    }),
  );
  const refused = await other.request(key, 'GET', path);
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(await expectProblem(refused, 'RATE_LIMITED')).toMatchObject({
    policy: 'downloads',
    limit: 2,
  });
  const colleague = await other.request(await region.key(company), 'GET', path);
  expect(await expectProblem(colleague, 'RATE_LIMITED')).toMatchObject({
    policy: 'company-downloads',
    limit: 2,
  });
  expect((await other.request(key, 'HEAD', path)).status).toBe(200);
  await expect
    .poll(() => opened.map((file) => file.destroyed), { timeout: patient(15_000) })
    .toEqual([true, true]);
  const again = await other.request(key, 'GET', path);
  expect(again.status).toBe(200);
  await again.body?.cancel();
  for (const socket of sockets) socket.destroy();
});

test('an export without events is an empty file, or a CSV file with only a header', async () => {
  const filters = { category: 'none' };
  const empty = await finishedExport(api, key, { format: 'JSONL', filters });
  expect(empty).toMatchObject({ status: 'succeeded', rowsExported: 0, bytes: 0 });
  const answer = await download({}, 'GET', empty);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-length')).toBe('0');
  expect(await bytesOf(answer)).toHaveLength(0);
  await expectProblem(await download({ range: 'bytes=0-' }, 'GET', empty), 'RANGE_NOT_SATISFIABLE');
  const csv = await finishedExport(api, key, { format: 'CSV', filters });
  expect(await (await download({}, 'GET', csv)).text()).toMatch(/^id,timestamp,[^\r\n]*\r\n$/);
});

test('a file that is missing from the store answers 410 and does not suggest to try again', async () => {
  const lost = await finishedExport(api, key, { format: 'JSONL' });
  await region.store.deletePrefix(`exports/${lost.companyId}/${lost.jobId}/`);
  const answer = await download({}, 'GET', lost);
  expect(answer.status).toBe(410);
  const { detail } = await expectProblem(answer, 'ARTIFACT_MISSING');
  expect(detail).not.toMatch(/try again/i);
  expect((await download({}, 'HEAD', lost)).status).toBe(410);
});

test('a store that cannot be read answers 503 before the first byte', async () => {
  const made = await finishedExport(api, key, { format: 'JSONL' });
  const away = () => Promise.reject(new ArtifactStoreError('failed', 'Cannot read: it is away'));
  const store = { ...gateStore(region.store).store, open: away, stat: away };
  await using other = await startTestApi([{ ...region.api, store }]);
  const answer = await other.request(key, 'GET', `/v1/exports/${made.jobId}/download`);
  await expectProblem(answer, 'ARTIFACT_UNAVAILABLE');
});

test('each download leaves an audit row with its byte range; HEAD, 304 and refusals leave none', async () => {
  const made = await finishedExport(api, key, { format: 'CSV' });
  const send = async (headers: Record<string, string>, method = 'GET') =>
    bytesOf(await download(headers, method, made));
  await send({});
  await send({ range: 'bytes=10-19' });
  await send({}, 'HEAD');
  await send({ 'if-none-match': '*' });
  await send({ range: 'bytes=99999999-' });
  const { rows } = await region.owner.query<{ range: [number, number] }>(
    `SELECT details -> 'range' AS range FROM audit_log
     WHERE action = 'EXPORT_DOWNLOADED' AND subject_id = $1 ORDER BY at`,
    [made.jobId],
  );
  expect(rows.map(({ range }) => range)).toEqual([
    [0, made.bytes],
    [10, 20],
  ]);
});
