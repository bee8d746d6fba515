import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryHome } from '../testing/processes/temporary-home.ts';
import { patient } from '../testing/patience.ts';

const BELOW_EPHEMERAL_PORTS = [12_000, 32_000] as const;
const ROOT = resolve(import.meta.dirname, '..');

export interface RunningExhibit {
  readonly process: ChildProcess;
  readonly home: string;
  readonly apiUrl: string;
  readonly dashboardUrl: string;
  /** The complete output so far. */
  output(): string;
  /** Stops it like Ctrl-C and removes its files. */
  stop(): Promise<void>;
}

interface StartOptions {
  /** Keep using the files of an earlier start. */
  readonly home?: string;
  /** Additional arguments of `exhibit up`. */
  readonly args?: readonly string[];
}

/** Starts `exhibit up` like `npm start`, with its own ports and home. */
export async function startExhibit(
  env: Readonly<Record<string, string>>,
  options: StartOptions = {},
): Promise<RunningExhibit> {
  const home = options.home ?? (await temporaryHome('home'));
  const ports = {
    API_PORT: String(await reservedPort()),
    DASHBOARD_PORT: String(await reservedPort()),
  };
  const child = spawn('node_modules/.bin/exhibit', ['up', ...(options.args ?? [])], {
    cwd: ROOT,
    env: { ...process.env, ...ports, EXHIBIT_HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  const apiUrl = `http://127.0.0.1:${ports.API_PORT}`;
  const dashboardUrl = `http://127.0.0.1:${ports.DASHBOARD_PORT}`;
  const running = {
    process: child,
    home,
    apiUrl,
    dashboardUrl,
    output: () => output,
    stop: async () => {
      await stopProcess(child);
      await rm(home, { recursive: true, force: true });
    },
  };
  await untilReady(running);
  return running;
}

/**
 * Finds a free port outside the ephemeral range. The product needs seconds until it listens; meanwhile the system could
 * assign an ephemeral port to another test's server or connection.
 */
async function reservedPort(): Promise<number> {
  for (;;) {
    const port = randomInt(...BELOW_EPHEMERAL_PORTS);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.close();
    if (isFree) return port;
  }
}

async function untilReady(exhibit: RunningExhibit): Promise<void> {
  const { process: child, apiUrl, dashboardUrl } = exhibit;
  const deadline = performance.now() + patient(90_000);
  for (;;) {
    if (child.exitCode !== null) throw new Error(`exhibit up ended:\n${exhibit.output()}`);
    // Check its output first, because another process may respond at this address.
    const isUp = exhibit.output().includes('Exhibit is up.');
    if (isUp && (await answers(`${apiUrl}/ready`)) && (await answers(`${dashboardUrl}/ready`)))
      return;
    if (performance.now() > deadline)
      throw new Error(`exhibit up is not ready:\n${exhibit.output()}`);
    await wait(100);
  }
}

export async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (answer) => answer.ok,
    () => false,
  );
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  await exited;
}

export interface DemoFile {
  readonly apiUrl: string;
  readonly dashboardUrl: string;
  readonly companies: readonly {
    readonly id: string;
    readonly name: string;
    readonly region: string;
    readonly workspaces: readonly { readonly id: string; readonly name: string }[];
    readonly apiKeys: {
      readonly company: string;
      readonly workspaces: Readonly<Record<string, string>>;
    };
  }[];
  readonly users: readonly {
    readonly email: string;
    readonly password: string;
    readonly role: string;
    readonly companyId: string;
    readonly workspaceIds: readonly string[];
  }[];
}

export async function readDemo({ home }: Pick<RunningExhibit, 'home'>): Promise<DemoFile> {
  return JSON.parse(await readFile(join(home, 'demo.json'), 'utf8')) as DemoFile;
}
