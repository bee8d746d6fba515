import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeEvents } from '../../../../testing/make-events.ts';
import type { ExportJob } from '../../client.ts';
import { startCuttingProxy } from '../../testing/cutting-proxy.ts';
import { type CliEnvironment, runCli } from '../../testing/run-cli.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { patient } from '../../../../testing/patience.ts';

/** About 650 bytes each: several megabytes in total, more than sockets buffer. */
const ROWS = 6_000;

// Each command is a process that loads the whole program.
vi.setConfig({ testTimeout: patient(90_000) });

let server: TestServer;
let cli: CliEnvironment;

beforeAll(async () => {
  server = await startTestServer();
  const { company, workspaceId } = server;
  await makeEvents(server.region.owner, {
    companyId: company.id,
    workspaceIds: [workspaceId],
    rows: ROWS,
  });
});
beforeEach(async () => {
  const directory = await mkdtemp(join(server.directory, 'run-'));
  cli = { url: server.url, key: server.key, directory };
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function jobFromApi(): Promise<ExportJob> {
  const { stdout } = await runCli(cli, ['exports', 'list', '--limit', '1', '--json']);
  return JSON.parse(stdout)[0];
}

const READERS = { none: (bytes: Buffer) => bytes, gzip: gunzipSync, zstd: zstdDecompressSync };
const KINDS = (['jsonl', 'csv'] as const).flatMap((format) =>
  (['none', 'gzip', 'zstd'] as const).map((compression) => [format, compression] as const),
);

describe('exhibit export', () => {
  test.each(KINDS)(
    'exports every row as %s with compression %s to the file named by the server',
    async (format, compression) => {
      const args = ['--format', format, '--compression', compression, '--json'];
      const { code, stdout, stderr } = await runCli(cli, ['export', ...args]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { job, file } = JSON.parse(stdout);
      const ending = { none: '', gzip: '.gz', zstd: '.zst' }[compression];
      expect(await readdir(cli.directory)).toEqual([`exhibit-${job.jobId}.${format}${ending}`]);
      const bytes = await readFile(join(cli.directory, file.path));
      expect(sha256(bytes)).toBe(job.sha256);
      expect(file).toMatchObject({ bytes: bytes.length, sha256: job.sha256, resumed: 0 });
      const content = READERS[compression](bytes);
      expect(sha256(content)).toBe(job.contentSha256);
      const rows = content.toString('utf8').trimEnd().split('\n').length;
      expect(rows).toBe(format === 'csv' ? ROWS + 1 : ROWS);
    },
  );

  test('options override the fields of the filter file', async () => {
    const filter = { categories: ['billing'], actions: ['created'], range: { last: '1h' } };
    await writeFile(join(cli.directory, 'filter.json'), JSON.stringify(filter));
    const time = ['--from', '2026-01-01', '--to', '2026-01-01T00:01:00Z'];
    const lists = [
      '--category',
      'auth',
      '--category',
      'user',
      '--actor',
      'user-1',
      '--actor',
      'user-2',
    ];
    const others = [
      '--workspace',
      server.workspaceId,
      '--purpose',
      'T-1',
      '--limit',
      '5',
      '--json',
    ];
    const args = ['export', '--filter', 'filter.json', ...time, ...lists, ...others];
    const { job } = JSON.parse((await runCli(cli, args)).stdout);
    expect(job).toMatchObject({ purpose: 'T-1', limit: 5 });
    expect(job.filters).toEqual({
      version: 1,
      from: '2026-01-01T00:00:00Z',
      to: '2026-01-01T00:01:00Z',
      workspaceIds: [server.workspaceId],
      categories: ['auth', 'user'],
      actions: ['created'],
      actorIds: ['user-1', 'user-2'],
    });
    const previous = await runCli(cli, ['export', '--previous', 'month', '--json']);
    expect(JSON.parse(previous.stdout).job.filters).toMatchObject({
      from: expect.stringMatching(/-01T00:00:00Z$/),
      to: expect.stringMatching(/-01T00:00:00Z$/),
    });
  });

  test('-o - writes the file to stdout and a truncation warning to stderr', async () => {
    const { code, stdout, stderr } = await runCli(cli, ['export', '-o', '-', '--limit', '10']);
    expect(code).toBe(0);
    expect(stderr).toContain('More events matched than the limit');
    expect(sha256(Buffer.from(stdout))).toBe((await jobFromApi()).sha256);
    expect(stdout.trimEnd().split('\n')).toHaveLength(10);
    expect(await readdir(cli.directory)).toEqual([]);
  });

  test('--detach prints only the job ID, and download waits for the job and writes to -o', async () => {
    const { stdout } = await runCli(cli, ['export', '--detach']);
    expect(stdout).toMatch(/^[0-9a-f-]{36}\n$/);
    const id = stdout.trim();
    const download = await runCli(cli, ['exports', 'download', id, '-o', 'named.jsonl']);
    expect(download).toMatchObject({ code: 0, stderr: '' });
    const got = JSON.parse((await runCli(cli, ['exports', 'get', id, '--json'])).stdout);
    expect(sha256(await readFile(join(cli.directory, 'named.jsonl')))).toBe(got.sha256);
    expect(download.stdout).toContain(`SHA-256 ${got.sha256} (verified)`);
    const listed = await runCli(cli, ['exports', 'list', '--status', 'succeeded', '--limit', '3']);
    expect(listed.stdout.trimEnd().split('\n')).toHaveLength(4);
    expect(listed.stdout).toContain(id);
    const canceled = await runCli(cli, ['exports', 'cancel', id, '--json']);
    expect(canceled.code).toBe(1);
    expect(JSON.parse(canceled.stdout)).toMatchObject({ error: { code: 'EXPORT_NOT_CANCELABLE' } });
  });

  test('an interrupted download is resumed with a Range request', async () => {
    await using proxy = await startCuttingProxy(server.url, [{ cutAfterBytes: 1_500_000 }]);
    const args = ['export', '-o', 'cut.jsonl', '--json'];
    const { code, stdout } = await runCli({ ...cli, url: proxy.url }, args);
    expect(code).toBe(0);
    const { job, file } = JSON.parse(stdout);
    expect(file.resumed).toBe(1);
    expect(proxy.downloads[1]).toMatch(/^range: bytes=[1-9]\d*-\r$/im);
    expect(proxy.downloads[1]).toMatch(new RegExp(`^if-range: "sha256-${job.sha256}"\r$`, 'im'));
    expect(sha256(await readFile(join(cli.directory, 'cut.jsonl')))).toBe(job.sha256);
    expect(await readdir(cli.directory)).toEqual(['cut.jsonl']);
  });

  test('exits 4 when a byte was changed and leaves no file and no part', async () => {
    await using proxy = await startCuttingProxy(server.url, [{ flipByteAt: 1_000_000 }]);
    const result = await runCli({ ...cli, url: proxy.url }, ['export', '-o', 'changed.jsonl']);
    expect(result).toMatchObject({ code: 4, stdout: '' });
    const { jobId, sha256 } = await jobFromApi();
    expect(result.stderr).toContain(`The file of export ${jobId} should have SHA-256 ${sha256}`);
    expect(await readdir(cli.directory)).toEqual([]);
  });

  test('a download resumes from a part file unless the part belongs to another file', async () => {
    const id = (await runCli(cli, ['export', '--detach'])).stdout.trim();
    await runCli(cli, ['exports', 'download', id, '-o', 'whole']);
    const whole = await readFile(join(cli.directory, 'whole'));
    await writeFile(join(cli.directory, 'again.part'), whole.subarray(0, 1_000_000));
    await using proxy = await startCuttingProxy(server.url, []);
    const again = ['exports', 'download', id, '-o', 'again'];
    expect(await runCli({ ...cli, url: proxy.url }, again)).toMatchObject({ code: 0 });
    expect(proxy.downloads).toEqual([expect.stringMatching(/^range: bytes=1000000-\r$/im)]);
    await writeFile(join(cli.directory, 'other.part'), Buffer.alloc(1_000_000));
    const other = await runCli(cli, ['exports', 'download', id, '-o', 'other']);
    expect(other).toMatchObject({ code: 0 });
    for (const name of ['again', 'other'])
      expect((await readFile(join(cli.directory, name))).equals(whole)).toBe(true);
    expect((await readdir(cli.directory)).toSorted()).toEqual(['again', 'other', 'whole']);
    expect((await stat(join(cli.directory, 'whole'))).mode & 0o777).toBe(0o600);
  });

  test('exits 2 on wrong usage and lists every invalid field, also as JSON', async () => {
    const refused = await runCli(cli, ['export', '--last', 'soon', '--json']);
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'VALIDATION_FAILED' } });
    expect(refused.stderr).toContain('filters.range.last');
    for (const args of [
      ['--format', 'xml'],
      ['--limit', '0'],
      ['--nonsense'],
      ['--workspace', 'x'],
    ])
      expect(await runCli(cli, ['export', ...args])).toMatchObject({ code: 2, stdout: '' });
    const nowhere = await runCli(cli, ['export', '-o', 'no/such/directory/file']);
    expect(nowhere).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no/such/directory'),
    });
  });

  test('exits 5 when the server cannot be reached', async () => {
    const result = await runCli({ ...cli, url: 'http://127.0.0.1:9' }, ['exports', 'list']);
    expect(result).toMatchObject({ code: 5, stdout: '' });
    expect(result.stderr).toContain('http://127.0.0.1:9 cannot be reached');
  });
});
