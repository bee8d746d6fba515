import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;
/** A server whose parent was killed gets its signal in the same moment and notes it within milliseconds. */
const GRACE_MS = 2_000;
const SHUTDOWN_MS = 60_000;

/** Contents of `postmaster.pid`, as the server writes it (PostgreSQL's miscadmin.h, LOCK_FILE_LINE_*). */
export interface ServerLock {
  /** Undefined in an empty file: one just being written, or left by a power failure. */
  readonly pid: number | undefined;
  /** `starting`, `ready`, `stopping`, or empty. */
  readonly status: string;
}

export async function readServerLock(data: string): Promise<ServerLock | undefined> {
  const content = await readFile(lockFile(data), 'utf8').catch(() => undefined);
  if (content === undefined) return undefined;
  const lines = content.split('\n');
  return { pid: Number(lines[0]) || undefined, status: lines[7]?.trim() ?? '' };
}

/**
 * Waits for a server of this data directory that is shutting down (its parent was killed), and returns the pid of a
 * lock without a live owner, undefined if there is no lock at all.
 *
 * The stale file stays: PostgreSQL replaces it if PG_GRANDPARENT_PID shows that its pid is not a server, after
 * checking via the shared memory named in it that no backend is alive. Removing it would skip that check, and of two
 * concurrent starts one could remove the new lock of the other.
 *
 * @throws if a server is running there
 */
export async function waitForPredecessor(data: string): Promise<number | undefined> {
  const startedAt = performance.now();
  for (;;) {
    const lock = await readServerLock(data);
    if (!lock) return undefined;
    if (lock.pid !== undefined && !(await isServerOf(lock.pid, data))) return lock.pid;
    const waitedMs = performance.now() - startedAt;
    if (lock.status === 'stopping' ? waitedMs > SHUTDOWN_MS : waitedMs > GRACE_MS) {
      if (lock.pid !== undefined) throw alreadyRunning(data, lock);
      // PostgreSQL would never start again, and an empty file protects nothing.
      await rm(lockFile(data), { force: true });
    }
    await delay(POLL_MS);
  }
}

function lockFile(data: string): string {
  return join(data, 'postmaster.pid');
}

export function alreadyRunning(data: string, lock: ServerLock | undefined): Error {
  const state = lock?.status === 'stopping' ? 'still shutting down' : 'already running';
  return new Error(
    `The embedded PostgreSQL of ${data} is ${state} (pid ${lock?.pid ?? 'unknown'}). Stop the other Exhibit first, or choose another EXHIBIT_HOME.`,
  );
}

/**
 * True if `pid` is a live server that we started on this data directory. Determined from its command line, which,
 * unlike /proc/<pid>/cwd, root may read without CAP_SYS_PTRACE. Empty for a zombie.
 */
export async function isServerOf(pid: number, data: string): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const [program = '', ...args] = commandLine.split('\0');
  return basename(program) === 'postgres' && args[0] === '-D' && args[1] === data;
}
