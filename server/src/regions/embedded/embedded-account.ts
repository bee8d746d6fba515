import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { isMainThread } from 'node:worker_threads';
import { errorCode } from '../system-error.ts';

/** Who the server runs as when we are root, which PostgreSQL refuses to be. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/** An unprivileged account that exists: initdb looks its user up and refuses a number without a name. */
export async function defaultServerAccount(): Promise<ServerAccount> {
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const user = users.find((fields) => fields[0] === name);
    const [uid, gid] = [Number(user?.[2]), Number(user?.[3])];
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody" to run it as. ' +
      'Start Exhibit as an ordinary user.',
  );
}

export interface ProgramOptions {
  /** Undefined: as ourselves. */
  readonly account: ServerAccount | undefined;
  readonly stdio: StdioOptions;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts a program that cannot outlive us: the kernel sends it SIGINT when this process ends in any way,
 * kill -9 included. The shell closes the gap before that promise holds, by going on only if we are still
 * there; it then becomes the program, so the child's pid is the program's.
 */
export function spawnProgram(
  program: string,
  args: readonly string[],
  { account, stdio, env }: ProgramOptions,
): ChildProcess {
  if (!isMainThread) {
    // The kernel watches the thread that spawned, so the server would end with the worker thread.
    throw new Error('The embedded PostgreSQL must be started from the main thread.');
  }
  const identity = account
    ? [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups']
    : [];
  const onlyWithUs = ['/bin/sh', '-c', 'test "$PPID" = "$0" && exec "$@"', String(process.pid)];
  return spawn(
    'setpriv',
    [...identity, '--pdeathsig', 'INT', '--', ...onlyWithUs, program, ...args],
    {
      stdio,
      cwd: '/',
      // A session of its own: Ctrl-C in the terminal is ours to handle, the server ends after our last query.
      detached: true,
      // Nothing else of ours: PGDATA, PGOPTIONS or LD_LIBRARY_PATH would change what the server does.
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...env },
    },
  );
}

/** Runs a program to its end; `output` is what it wrote to both streams. Throws if it cannot be started. */
export async function runProgram(
  program: string,
  args: readonly string[],
  account: ServerAccount | undefined,
): Promise<{ code: number | null; output: string }> {
  const child = spawnProgram(program, args, { account, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close').catch(explainSpawnFailure);
  const [out, err] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    ended,
  ]);
  return { code: child.exitCode, output: err + out };
}

/** Rethrows a failure to start any program at all in words that say what is missing. */
export function explainSpawnFailure(cause: unknown): never {
  if (errorCode(cause) === 'ENOENT') {
    throw new Error(
      'The embedded PostgreSQL needs the program "setpriv" (package util-linux), which is not on the PATH.',
      { cause },
    );
  }
  throw cause;
}
