import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeEvents } from '../../../../testing/make-events.ts';
import { startCuttingProxy } from '../../testing/cutting-proxy.ts';
import { type CliEnvironment, runCli, startCli } from '../../testing/run-cli.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { patient } from '../../../../testing/patience.ts';

/** Several times the buffer of a pipe. */
const ROWS = 1_000;

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
  const directory = await mkdtemp(join(server.directory, 'save-'));
  cli = { url: server.url, key: server.key, directory };
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

const at = (name: string) => join(cli.directory, name);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

async function countJobs(): Promise<number> {
  const { rows } = await server.region.owner.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM export_jobs',
  );
  return rows[0]?.count ?? -1;
}

describe('exhibit export -o', () => {
  test('export -o writes into a FIFO at the pace of its reader and keeps the FIFO', async () => {
    execFileSync('mkfifo', [at('fifo')]);
    const running = startCli(cli, ['export', '-o', 'fifo', '--json']);
    const read = await buffer(createReadStream(at('fifo')));
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { job, file } = JSON.parse(stdout);
    expect(sha256(read)).toBe(job.sha256);
    expect(file).toMatchObject({ path: 'fifo', bytes: read.length, sha256: job.sha256 });
    expect((await lstat(at('fifo'))).isFIFO()).toBe(true);
    expect(await readdir(cli.directory)).toEqual(['fifo']);
  });

  test('export -o fails when the reader closes the FIFO early', async () => {
    execFileSync('mkfifo', [at('fifo')]);
    const running = startCli(cli, ['export', '-o', 'fifo']);
    const reader = createReadStream(at('fifo'), { highWaterMark: 1_000 });
    await once(reader, 'data');
    reader.destroy();
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('The reader of fifo closed it before the end of the file.');
    expect((await lstat(at('fifo'))).isFIFO()).toBe(true);
  });

  test('Ctrl-C ends a command that waits for a reader of its FIFO', async () => {
    execFileSync('mkfifo', [at('fifo')]);
    const before = await countJobs();
    const running = startCli(cli, ['export', '-o', 'fifo']);
    await expect
      .poll(
        async () => {
          const { rows } = await server.region.owner.query<{ status: string }>(
            'SELECT status FROM export_jobs ORDER BY created_at DESC LIMIT 1',
          );
          return (await countJobs()) > before ? rows[0]?.status : undefined;
        },
        { timeout: patient(60_000) },
      )
      .toBe('succeeded');
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
  });

  test('export -o writes into a listening socket and keeps the socket', async () => {
    const received = Promise.withResolvers<Buffer>();
    const listener = createServer((socket: Socket) => void buffer(socket).then(received.resolve));
    await new Promise<void>((resolve) => listener.listen(at('socket'), resolve));
    const { code, stdout } = await runCli(cli, ['export', '-o', 'socket', '--json']);
    expect(code).toBe(0);
    expect(sha256(await received.promise)).toBe(JSON.parse(stdout).job.sha256);
    expect((await lstat(at('socket'))).isSocket()).toBe(true);
    listener.close();
  });

  test('exits 4 when the digest of a file written to a FIFO is wrong', async () => {
    execFileSync('mkfifo', [at('fifo')]);
    await using proxy = await startCuttingProxy(server.url, [{ flipByteAt: 100_000 }]);
    const running = startCli({ ...cli, url: proxy.url }, ['export', '-o', 'fifo']);
    await buffer(createReadStream(at('fifo')));
    expect(await running.ended).toMatchObject({ code: 4, stdout: '' });
    expect((await lstat(at('fifo'))).isFIFO()).toBe(true);
  });

  test('export -o writes to the target of a symlink, existing or not, and keeps the link', async () => {
    await mkdir(at('kept'));
    await writeFile(at('kept/old'), 'old');
    await symlink('kept/old', at('link'));
    await symlink('kept/new', at('dangling'));
    for (const [link, name] of [
      ['link', 'old'],
      ['dangling', 'new'],
    ] as const) {
      const { code, stdout } = await runCli(cli, ['export', '-o', link, '--json']);
      expect(code).toBe(0);
      expect((await lstat(at(link))).isSymbolicLink()).toBe(true);
      const { sha256: expected } = JSON.parse(stdout).job;
      expect(sha256(await readFile(at(`kept/${name}`)))).toBe(expected);
    }
    expect((await readdir(at('kept'))).toSorted()).toEqual(['new', 'old']);
    expect((await readdir(cli.directory)).toSorted()).toEqual(['dangling', 'kept', 'link']);
  });

  test('export -o replaces a regular file and keeps its mode', async () => {
    await writeFile(at('shared'), 'old');
    await chmod(at('shared'), 0o640);
    const { job } = JSON.parse((await runCli(cli, ['export', '-o', 'shared', '--json'])).stdout);
    expect((await lstat(at('shared'))).mode & 0o777).toBe(0o640);
    expect(sha256(await readFile(at('shared')))).toBe(job.sha256);
  });

  test('rejects an unwritable -o before creating the export', async () => {
    await writeFile(at('file'), '');
    await symlink('no/such/place', at('dangling'));
    await mkdir(at('taken.part'));
    const before = await countJobs();
    for (const output of ['no/such/file', 'file/below', 'dangling', 'taken', 'new/'])
      expect(await runCli(cli, ['export', '-o', output]), output).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('Cannot write to'),
      });
    expect(await countJobs()).toBe(before);
  });
});

test('exports download -o writes into a FIFO and rejects a missing directory before waiting', async () => {
  const id = (await runCli(cli, ['export', '--detach'])).stdout.trim();
  const refused = await runCli(cli, ['exports', 'download', id, '-o', 'no/such/file']);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  execFileSync('mkfifo', [at('fifo')]);
  const running = startCli(cli, ['exports', 'download', id, '-o', 'fifo']);
  const read = await buffer(createReadStream(at('fifo')));
  const { code, stdout } = await running.ended;
  expect(code).toBe(0);
  expect(stdout).toContain(`SHA-256 ${sha256(read)} (verified)`);
  expect((await lstat(at('fifo'))).isFIFO()).toBe(true);
});
