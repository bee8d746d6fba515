import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { patient } from '../../../testing/patience.ts';
import { startDashboard } from '../start-dashboard.ts';
import { type FakeApi, json, problem, startFakeApi } from '../testing/fake-api.ts';
import {
  type Browser,
  createDashboardDatabase,
  evidenceOf,
  expectProblem,
  signIn,
  type TestCompany,
  type TestDashboardDatabase,
} from '../testing/test-dashboard.ts';

const MAX = 1_000_000;
const FILE = randomBytes(600_000);

let db: TestDashboardDatabase;
let api: FakeApi;
let dashboard: Awaited<ReturnType<typeof startDashboard>>;
let company: TestCompany;
let owner: Browser;

beforeAll(async () => {
  db = await createDashboardDatabase();
  api = await startFakeApi();
  dashboard = await startDashboard({ ...db.options(api.url), maxDownloadBytes: MAX });
  company = await db.company();
  owner = await signIn(dashboard.url, company.email('OWNER'));
});
afterAll(async () => {
  await dashboard.stop();
  await api[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

/** A finished job whose file the fake api serves, whole and in ranges. */
function makeJob(
  change: { bytes?: number; workspaceIds?: readonly string[]; companyId?: string } = {},
): string {
  const jobId = randomUUID();
  const bytes = change.bytes ?? FILE.length;
  api.on(
    `GET /dashboard/exports/${jobId}`,
    json(200, {
      jobId,
      companyId: change.companyId ?? company.id,
      workspaceIds: change.workspaceIds ?? company.workspaceIds,
      status: 'succeeded',
      format: 'JSONL',
      filters: { version: 1 },
      bytes,
      sha256: 'ab',
    }),
  );
  const headers = (length: number) => ({
    'content-type': 'application/x-ndjson',
    'content-length': length,
    etag: '"sha256-ab"',
    'accept-ranges': 'bytes',
    'content-disposition': 'attachment; filename="x.jsonl"',
  });
  api.on(`HEAD /dashboard/exports/${jobId}/download`, (response) => {
    response.writeHead(200, headers(bytes)).end();
  });
  api.on(`GET /dashboard/exports/${jobId}/download`, (response, request) => {
    if (request.headers['if-none-match'] === '"sha256-ab"') {
      response.writeHead(304, { etag: '"sha256-ab"' }).end();
      return;
    }
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (start === undefined || request.headers['if-range'] === '"other"') {
      response.writeHead(200, headers(FILE.length)).end(FILE);
      return;
    }
    const part = FILE.subarray(Number(start), Number(end) + 1);
    response
      .writeHead(206, {
        ...headers(part.length),
        'content-range': `bytes ${start}-${end}/${FILE.length}`,
      })
      .end(part);
  });
  return jobId;
}

const path = (jobId: string) => `/api/exports/${jobId}/download`;
const evidence = (jobId: string) => evidenceOf(owner, `&jobId=${jobId}`);

test('a download returns the exact bytes of the file and records STARTED and COMPLETED', async () => {
  const jobId = makeJob();
  const answer = await owner.send('GET', path(jobId));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store, no-transform');
  expect(answer.headers.get('content-length')).toBe(String(FILE.length));
  expect(Buffer.from(await answer.arrayBuffer()).equals(FILE)).toBe(true);
  await expect.poll(() => evidence(jobId)).toHaveLength(2);
  const range = { start: 0, end: FILE.length };
  expect(await evidence(jobId)).toMatchObject([
    {
      type: 'EXPORT_DOWNLOAD_STARTED',
      range,
      sha256: 'ab',
      format: 'JSONL',
      filters: { version: 1 },
    },
    { type: 'EXPORT_DOWNLOAD_COMPLETED', range, bytes: FILE.length, outcome: 'SUCCEEDED' },
  ]);
});

test('each range request records its own pair, HEAD and 304 record nothing, and If-Range is forwarded', async () => {
  const jobId = makeJob();
  const get = (headers: Record<string, string>) =>
    owner.send('GET', path(jobId), undefined, { headers });
  const part = await get({ range: 'bytes=100-299' });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe(`bytes 100-299/${FILE.length}`);
  expect(Buffer.from(await part.arrayBuffer()).equals(FILE.subarray(100, 300))).toBe(true);
  expect((await get({ 'if-none-match': '"sha256-ab"' })).status).toBe(304);
  const head = await owner.send('HEAD', path(jobId));
  expect(head.headers.get('content-length')).toBe(String(FILE.length));
  await expect.poll(() => evidence(jobId)).toHaveLength(2);
  const whole = await get({ range: 'bytes=100-299', 'if-range': '"other"' });
  expect(whole.status).toBe(200);
  await whole.arrayBuffer();
  await expect.poll(() => evidence(jobId)).toHaveLength(4);
  expect((await evidence(jobId)).map(({ range }) => range)).toEqual([
    { start: 100, end: 300 },
    { start: 100, end: 300 },
    { start: 0, end: FILE.length },
    { start: 0, end: FILE.length },
  ]);
});

test('If-Match is forwarded to the api, and its 412 is returned with the ETag and not recorded as a denial', async () => {
  const jobId = makeJob();
  const answerMismatch = problem(412, 'PRECONDITION_FAILED');
  for (const method of ['GET', 'HEAD'] as const) {
    api.on(`${method} /dashboard/exports/${jobId}/download`, (response, request) => {
      expect(request.headers['if-match']).toBe('"other", W/"sha256-ab"');
      response.setHeader('etag', '"sha256-ab"');
      return answerMismatch(response, request);
    });
    const headers = { 'if-match': '"other", W/"sha256-ab"' };
    const answer = await owner.send(method, path(jobId), undefined, { headers });
    expect(answer.status).toBe(412);
    expect(answer.headers.get('etag')).toBe('"sha256-ab"');
  }
  expect(await evidence(jobId)).toEqual([]);
});

test('a file above the size limit is rejected before its first byte, regardless of the range', async () => {
  const jobId = makeJob({ bytes: MAX + 1 });
  for (const [method, range] of [
    ['GET', ''],
    ['GET', 'bytes=0-9'],
  ] as const) {
    const problem = await expectProblem(
      await owner.send(method, path(jobId), undefined, range === '' ? {} : { headers: { range } }),
      'DOWNLOAD_TOO_LARGE',
    );
    expect(problem).toMatchObject({ bytes: MAX + 1, maxBytes: MAX });
    expect(problem['detail']).toContain('/v1/exports/');
  }
  expect((await owner.send('HEAD', path(jobId))).status).toBe(413);
  expect(api.seen.some((request) => request.path === `/dashboard/exports/${jobId}/download`)).toBe(
    false,
  );
  expect(await evidence(jobId)).toMatchObject([
    { type: 'EXPORT_DOWNLOAD_DENIED', outcome: 'DOWNLOAD_TOO_LARGE' },
    { type: 'EXPORT_DOWNLOAD_DENIED', outcome: 'DOWNLOAD_TOO_LARGE' },
  ]);
});

test('a download is rejected if the api announces more bytes than the size limit', async () => {
  const jobId = makeJob({ bytes: 10 });
  api.on(`GET /dashboard/exports/${jobId}/download`, (response) => {
    response.writeHead(200, { 'content-length': MAX + 1 }).flushHeaders();
  });
  await expectProblem(await owner.send('GET', path(jobId)), 'DOWNLOAD_TOO_LARGE');
});

test('a download with an ID that PostgreSQL cannot store is rejected as not found and recorded', async () => {
  await expectProblem(await owner.send('GET', '/api/exports/a%00b/download'), 'NOT_FOUND');
  expect(await evidenceOf(owner, '&type=EXPORT_DOWNLOAD_DENIED')).toContainEqual(
    expect.objectContaining({ subjectId: 'a\uFFFDb', outcome: 'NOT_FOUND', jobId: null }),
  );
});

test('a member removed from a workspace can no longer download its exports', async () => {
  const email = company.email('MEMBER');
  const member = await signIn(dashboard.url, email);
  const [workspace, other] = company.workspaceIds;
  const jobId = makeJob({ workspaceIds: [workspace] });
  expect((await member.send('GET', path(jobId))).status).toBe(200);
  await owner.json('PUT', `/api/workspaces/${workspace}/members`, { userIds: [] });
  await expectProblem(await member.send('GET', path(jobId)), 'NOT_FOUND');
  await expectProblem(
    await member.send('GET', path(makeJob({ workspaceIds: [other] }))),
    'NOT_FOUND',
  );
  await expectProblem(
    await owner.send('GET', path(makeJob({ companyId: randomUUID() }))),
    'NOT_FOUND',
  );
  await expect
    .poll(async () => (await evidence(jobId)).at(-1))
    .toMatchObject({
      type: 'EXPORT_DOWNLOAD_DENIED',
      outcome: 'NOT_FOUND',
      user: { label: email },
    });
});

test('a download without a session sends no request to the api', async () => {
  const jobId = makeJob();
  for (const method of ['GET', 'HEAD']) {
    expect((await fetch(`${dashboard.url}${path(jobId)}`, { method })).status).toBe(401);
  }
  expect(api.seen.some((request) => request.path.includes(jobId))).toBe(false);
});

test('a rejected download has the error code of the api but none of its internal details', async () => {
  for (const [status, code] of [
    [409, 'EXPORT_NOT_READY'],
    [409, 'EXPORT_NOT_AVAILABLE'],
    [410, 'EXPORT_EXPIRED'],
    [410, 'EXPORT_FILE_DELETED'],
    [410, 'ARTIFACT_MISSING'],
    [412, 'PRECONDITION_FAILED'],
    [416, 'RANGE_NOT_SATISFIABLE'],
    [503, 'ARTIFACT_UNAVAILABLE'],
  ] as const) {
    const jobId = makeJob();
    api.on(`GET /dashboard/exports/${jobId}/download`, problem(status, code));
    const document = await expectProblem(await owner.send('GET', path(jobId)), code);
    expect(JSON.stringify(document)).not.toContain('secret of the api');
  }
  const jobId = makeJob();
  api.on(`GET /dashboard/exports/${jobId}/download`, problem(500, 'INTERNAL'));
  await expectProblem(await owner.send('GET', path(jobId)), 'API_UNAVAILABLE');
  expect(await evidence(jobId)).toEqual([]);
});

test('HEAD returns the same status as GET for a file that cannot be downloaded', async () => {
  for (const [status, code] of [
    [409, 'EXPORT_NOT_AVAILABLE'],
    [410, 'EXPORT_EXPIRED'],
    [410, 'EXPORT_FILE_DELETED'],
    [410, 'ARTIFACT_MISSING'],
    [412, 'PRECONDITION_FAILED'],
    [416, 'RANGE_NOT_SATISFIABLE'],
    [503, 'ARTIFACT_UNAVAILABLE'],
  ] as const) {
    const jobId = makeJob();
    for (const method of ['GET', 'HEAD'] as const) {
      api.on(`${method} /dashboard/exports/${jobId}/download`, problem(status, code));
      expect((await owner.send(method, path(jobId))).status).toBe(status);
    }
  }
  const jobId = makeJob();
  api.on(`HEAD /dashboard/exports/${jobId}/download`, (response) => {
    response.writeHead(410).end();
  });
  expect((await owner.send('HEAD', path(jobId))).status, 'not the api: some proxy').toBe(503);
});

test('a download that the api aborts is cut off and recorded as aborted', async () => {
  const jobId = makeJob();
  api.on(`GET /dashboard/exports/${jobId}/download`, (response) => {
    response.writeHead(200, { 'content-length': FILE.length });
    response.write(FILE.subarray(0, 1_000), () => response.destroy());
  });
  await expect(
    owner.send('GET', path(jobId)).then((answer) => answer.arrayBuffer()),
  ).rejects.toThrow();
  await expect.poll(() => evidence(jobId)).toHaveLength(2);
  expect((await evidence(jobId))[1]).toMatchObject({
    type: 'EXPORT_DOWNLOAD_ABORTED',
    outcome: 'UPSTREAM_FAILED',
  });
});

test('a browser that disconnects stops the read at the api, and the download is recorded as aborted', async () => {
  const jobId = makeJob({ bytes: MAX });
  const { promise: closed, resolve } = Promise.withResolvers<undefined>();
  api.on(`GET /dashboard/exports/${jobId}/download`, async (response) => {
    response.writeHead(200, { 'content-length': MAX });
    response.write(FILE.subarray(0, 10_000));
    await once(response, 'close');
    resolve(undefined);
  });
  const { hostname, port } = new URL(dashboard.url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${path(jobId)} HTTP/1.1\r\nHost: x\r\nCookie: ${owner.cookie}\r\n\r\n`);
  await once(socket, 'data');
  socket.destroy();
  await closed;
  await expect.poll(() => evidence(jobId)).toHaveLength(2);
  expect((await evidence(jobId))[1]).toMatchObject({
    type: 'EXPORT_DOWNLOAD_ABORTED',
    outcome: 'CLIENT_DISCONNECTED',
  });
});

/** Sends a GET on a separate socket that reads only on request. */
function openSocket(jobId: string) {
  const { hostname, port } = new URL(dashboard.url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  socket.write(`GET ${path(jobId)} HTTP/1.1\r\nHost: x\r\nCookie: ${owner.cookie}\r\n\r\n`);
  return socket;
}

/** Bytes that the dashboard has sent and the client has not read. Linux lists them for both ends of a connection. */
async function bytesInKernel({ localPort = 0 }: Socket): Promise<number> {
  const port = `:${localPort.toString(16).toUpperCase().padStart(4, '0')}`;
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'latin1').catch(() => '')),
  );
  let bytes = 0;
  for (const line of tables.join('\n').split('\n')) {
    const [, local = '', remote = '', , queues = ''] = line.trim().split(/\s+/);
    if (!local.endsWith(port) && !remote.endsWith(port)) continue;
    for (const queue of queues.split(':')) bytes += Number.parseInt(queue, 16) || 0;
  }
  return bytes;
}

test.skipIf(process.platform !== 'linux').each(['resets', 'closes'])(
  'a client that reads 64 KB of a file that fits the kernel buffers and %s its connection is recorded as aborted',
  async (how) => {
    const jobId = makeJob();
    const socket = openSocket(jobId);
    await once(socket, 'readable');
    socket.read(64 * 1024);
    // From here on only the client knows that it has not read the file.
    await expect
      .poll(async () => socket.bytesRead + (await bytesInKernel(socket)), {
        timeout: patient(30_000),
      })
      .toBeGreaterThanOrEqual(FILE.length);
    expect(socket.bytesRead).toBeLessThan(FILE.length / 2);
    if (how === 'resets') socket.resetAndDestroy();
    else socket.destroy();
    await expect.poll(() => evidence(jobId), { timeout: patient(30_000) }).toHaveLength(2);
    expect((await evidence(jobId))[1]).toMatchObject({
      type: 'EXPORT_DOWNLOAD_ABORTED',
      outcome: 'CLIENT_DISCONNECTED',
    });
  },
);

test('a client that reads slowly to the end is recorded as completed', async () => {
  const jobId = makeJob();
  const socket = openSocket(jobId);
  let bytes = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) bytes += chunk.length;
  expect(bytes).toBeGreaterThan(FILE.length);
  await expect.poll(() => evidence(jobId), { timeout: patient(30_000) }).toHaveLength(2);
  expect((await evidence(jobId))[1]).toMatchObject({ type: 'EXPORT_DOWNLOAD_COMPLETED' });
});

test('a download that cannot be recorded is not served', async () => {
  const jobId = makeJob();
  const client = new pg.Client({ connectionString: db.database.url });
  await client.connect();
  try {
    await client.query('REVOKE INSERT ON evidence FROM exhibit_dashboard');
    await expectProblem(await owner.send('GET', path(jobId)), 'EVIDENCE_UNAVAILABLE');
  } finally {
    await client.query('GRANT INSERT ON evidence TO exhibit_dashboard');
    await client.end();
  }
  expect(await evidence(jobId)).toEqual([]);
});
