import type { ChildProcess } from 'node:child_process';
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { explainSpawnFailure, type ServerAccount, spawnProgram } from './embedded-account.ts';
import type { Cluster } from './embedded-cluster.ts';
import { alreadyRunning, readServerLock, waitForPredecessor } from './embedded-lock.ts';
import { choosePort } from './embedded-port.ts';

const POLL_MS = 20;
const STILL_STARTING_MS = 10_000;
const PORT_ATTEMPTS = 5;
const LOG_ROTATES_AT_BYTES = 16 * 1024 * 1024;
const LOG_TAIL_LINES = 20;

export interface ServerPlan {
  /** Path of the `postgres` program. */
  readonly program: string;
  readonly cluster: Cluster;
  readonly account: ServerAccount | undefined;
  readonly settings: Readonly<Record<string, string>>;
  /** Undefined for the last used port, or any. */
  readonly port: number | undefined;
  readonly log: (message: string) => void;
}

/** A server that accepts connections. */
export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  /** Resolves when the process has ended, with how: `code 0`, `SIGKILL`. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** Starts the server on a port and waits until it accepts connections, however long recovery takes. */
export async function launchServer(plan: ServerPlan): Promise<RunningServer> {
  const stalePid = await waitForPredecessor(plan.cluster.data);
  await rotateLog(plan.cluster.logFile);
  for (let attempt = 1; ; attempt += 1) {
    const port = plan.port ?? (await choosePort(plan.cluster.portFile));
    const started = await tryLaunch(plan, port, stalePid);
    if (typeof started !== 'string') {
      await writeFile(plan.cluster.portFile, String(port));
      return started;
    }
    // Another process took the port between the check and listening on it.
    const taken = started.includes('could not create any TCP/IP sockets');
    if (taken && plan.port === undefined && attempt < PORT_ATTEMPTS) continue;
    if (/lock file "postmaster.pid" (already exists|is empty)|still in use/.test(started)) {
      throw alreadyRunning(plan.cluster.data, await readServerLock(plan.cluster.data));
    }
    const what = taken ? `could not listen on 127.0.0.1:${port}` : 'did not start';
    throw new Error(`The embedded PostgreSQL ${what}. ${plan.cluster.logFile} ends:\n${started}`);
  }
}

/** The last lines of this attempt's log if the server ended instead of getting ready. */
async function tryLaunch(
  plan: ServerPlan,
  port: number,
  stalePid: number | undefined,
): Promise<RunningServer | string> {
  const { cluster, account } = plan;
  const settings = Object.entries({ ...plan.settings, port: String(port) });
  const logHandle = await open(cluster.logFile, 'a', 0o600);
  const logStart = (await logHandle.stat()).size;
  const child = spawnProgram(
    plan.program,
    ['-D', cluster.data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      account,
      stdio: ['ignore', logHandle.fd, logHandle.fd],
      ...(stalePid === undefined ? {} : { env: { PG_GRANDPARENT_PID: String(stalePid) } }),
    },
  );
  const ended = endOf(child);
  await logHandle.close();
  if (child.pid === undefined || !(await isReady(child, plan))) {
    const how = await ended;
    return (await readTail(cluster.logFile, logStart)) || `(nothing; the process ended: ${how})`;
  }
  return serverHandle(child, child.pid, port, ended);
}

function serverHandle(
  child: ChildProcess,
  pid: number,
  port: number,
  ended: Promise<string>,
): RunningServer {
  return {
    pid,
    port,
    ended,
    async stop() {
      // SIGINT is a fast shutdown: sessions are cut off, everything committed is written out.
      if (!hasEnded(child)) process.kill(pid, 'SIGINT');
      await ended;
    },
  };
}

function endOf(child: ChildProcess): Promise<string> {
  const ended = new Promise<string>((resolve, reject) => {
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
    child.once('error', reject);
  });
  return ended.catch(explainSpawnFailure);
}

/** False if it ended first. The server announces itself in its lock file only, so this polls. */
async function isReady(child: ChildProcess, { cluster, log }: ServerPlan): Promise<boolean> {
  let quietSince = performance.now();
  while (!hasEnded(child)) {
    const lock = await readServerLock(cluster.data);
    if (lock?.pid === child.pid && lock?.status === 'ready') return true;
    if (performance.now() - quietSince > STILL_STARTING_MS) {
      log('PostgreSQL is still starting: it replays its log after an unclean end');
      quietSince = performance.now();
    }
    await delay(POLL_MS);
  }
  return false;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function readTail(path: string, fromByte: number): Promise<string> {
  const written = (await readFile(path)).subarray(fromByte).toString('utf8');
  return written.trim().split('\n').slice(-LOG_TAIL_LINES).join('\n');
}

async function rotateLog(path: string): Promise<void> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size > LOG_ROTATES_AT_BYTES) await rename(path, `${path}.1`);
}
