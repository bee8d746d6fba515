import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, createClient, DigestMismatchError, ExhibitError } from './client.ts';
import { startCuttingProxy } from './testing/cutting-proxy.ts';
import { startTestServer, type TestServer } from './testing/test-server.ts';

/** Enough events to make a download larger than socket buffers. */
const EVENTS = 3_000;

let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await startTestServer();
  client = createClient({ baseUrl: server.url, apiKey: server.key });
  const note = 'x'.repeat(1_000);
  for (let batch = 0; batch < EVENTS; batch += 1_000) {
    const events = Array.from({ length: 1_000 }, (_, index) => ({
      workspaceId: server.workspaceId,
      category: 'auth',
      action: (batch + index) % 2 === 0 ? 'login' : 'logout',
      metadata: { n: batch + index, note },
    }));
    expect(await client.events.createBatch(events)).toMatchObject({ created: 1_000, rejected: 0 });
  }
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

async function finishedJob() {
  const { jobId } = await client.exports.create({ format: 'JSONL' });
  const job = await client.exports.wait(jobId);
  expect(job).toMatchObject({ status: 'succeeded', rowsExported: EVENTS });
  return job;
}

async function bytesOf(download: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(download));
}

describe('lists', () => {
  test('iterating a list returns every event of every page exactly once', async () => {
    const seen = new Set<string>();
    let count = 0;
    for await (const event of client.events.list({ action: 'login', limit: 200 })) {
      expect(event.action).toBe('login');
      seen.add(event.id);
      count += 1;
    }
    expect([count, seen.size]).toEqual([EVENTS / 2, EVENTS / 2]);
  });

  test('a page has a cursor for the next one and filters are sent unchanged', async () => {
    const metadata = [{ path: 'n', op: 'eq' as const, value: 17 }];
    const found = await client.events.page({ metadata });
    expect(found).toMatchObject({ data: [{ metadata: { n: 17 } }], nextCursor: null });
    const first = await client.events.page({ categories: ['auth', 'none'], limit: 2 });
    const second = await client.events.page(
      { categories: ['auth', 'none'], limit: 2 },
      { cursor: first.nextCursor ?? undefined },
    );
    const ids = [...first.data, ...second.data].map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
  });

  test('iterating export jobs fetches all pages', async () => {
    const { key, company } = await server.anotherCompany();
    const other = createClient({ baseUrl: server.url, apiKey: key });
    const made = [];
    for (let index = 0; index < 3; index++)
      made.push((await other.exports.create({ format: 'CSV' })).jobId);
    const jobs = await Array.fromAsync(other.exports.list({ limit: 1 }));
    expect(jobs.map(({ jobId }) => jobId)).toEqual(made.toReversed());
    expect(new Set(jobs.map(({ companyId }) => companyId))).toEqual(new Set([company.id]));
  });
});

describe('errors', () => {
  test('an API error has status, code, fields, request ID and the members of its code', async () => {
    const failed = client.exports.create({ format: 'JSONL', filters: { categories: [] } });
    const error = await failed.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ExhibitError);
    expect(error).toMatchObject({ status: 400, code: 'EMPTY_FILTER', problem: { status: 400 } });
    expect(error).toHaveProperty('requestId', expect.stringMatching(/^[0-9a-f-]{36}$/));
    expect(error).toHaveProperty('errors.0.path', 'filters.categories');
  });

  test('keys.status returns the permissions of the key', async () => {
    expect(await client.keys.status()).toMatchObject({ scope: 'company', status: 'active' });
    const stranger = createClient({ baseUrl: server.url, apiKey: 'exh_us_no-such-key' });
    await expect(stranger.keys.status()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('download', () => {
  test('a download returns the bytes of the file, verifies the digest and reports progress', async () => {
    const job = await finishedJob();
    const progress: number[] = [];
    const download = await client.exports.download(job.jobId, {
      onProgress: ({ bytes }) => progress.push(bytes),
    });
    expect(download).toMatchObject({
      fileName: `exhibit-${job.jobId}.jsonl`,
      totalBytes: job.bytes,
    });
    const bytes = await bytesOf(download);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(job.sha256);
    expect(progress.at(-1)).toBe(job.bytes);
    expect(download.result()).toMatchObject({ bytes: job.bytes, sha256: job.sha256 });
  });

  test('a download interrupted twice resumes only the same version of the file', async () => {
    const job = await finishedJob();
    const harms = [{ cutAfterBytes: 900_000 }, { cutAfterBytes: 700_000 }];
    await using proxy = await startCuttingProxy(server.url, harms);
    const through = createClient({
      baseUrl: proxy.url,
      apiKey: server.key,
      retry: { baseDelayMs: 5 },
    });
    const bytes = await bytesOf(await through.exports.download(job.jobId));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(job.sha256);
    expect(proxy.downloads).toHaveLength(3);
    expect(proxy.downloads[0]).not.toMatch(/^range:/im);
    for (const head of proxy.downloads.slice(1)) {
      expect(head).toMatch(/^range: bytes=[1-9]\d*-\r$/im);
      expect(head).toMatch(new RegExp(`^if-range: "sha256-${job.sha256}"\r$`, 'im'));
    }
  });

  test('a changed byte causes a DigestMismatchError and aborts the sink', async () => {
    const job = await finishedJob();
    await using proxy = await startCuttingProxy(server.url, [{ flipByteAt: 500_000 }]);
    const through = createClient({ baseUrl: proxy.url, apiKey: server.key });
    let end = 'open';
    const sink = new WritableStream<Uint8Array>({
      close: () => void (end = 'closed'),
      abort: () => void (end = 'aborted'),
    });
    const failed = through.exports.downloadTo(job.jobId, sink);
    await expect(failed).rejects.toBeInstanceOf(DigestMismatchError);
    await expect(failed).rejects.toMatchObject({ expected: job.sha256, jobId: job.jobId });
    expect(end).toBe('aborted');
  });

  test('rejects an unexpected file before its first byte', async () => {
    const { jobId } = await finishedJob();
    const failed = client.exports.download(jobId, { sha256: '0'.repeat(64) });
    await expect(failed).rejects.toBeInstanceOf(DigestMismatchError);
  });

  test('aborting ends a download immediately', async () => {
    const { jobId } = await finishedJob();
    const abort = new AbortController();
    const download = await client.exports.download(jobId, { signal: abort.signal });
    const reading = (async () => {
      for await (const _chunk of download) abort.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toThrow('enough');
    expect(() => download.result()).toThrow('not finished');
  });

  test('an interrupted download resumes from the existing bytes', async () => {
    const job = await finishedJob();
    const whole = await bytesOf(await client.exports.download(job.jobId));
    const hash = createHash('sha256').update(whole.subarray(0, 1_234));
    const download = await client.exports.download(job.jobId, {
      sha256: job.sha256 ?? '',
      resume: {
        bytes: 1_234,
        hash: {
          update: (bytes) => void hash.update(bytes),
          digestHex: () => hash.digest('hex'),
        },
      },
    });
    expect(download.startsAt).toBe(1_234);
    expect((await bytesOf(download)).equals(whole.subarray(1_234))).toBe(true);
    expect(download.result()).toMatchObject({ bytes: job.bytes, sha256: job.sha256 });
  });
});
