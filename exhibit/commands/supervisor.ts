import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

const PROGRAM = new URL('../bin/exhibit.js', import.meta.url);
const RESTART_DELAY_MS = 1_000;
/** A child process normally stops within seconds of SIGTERM. After this time it is killed. */
const STOP_TIMEOUT_MS = 25_000;

interface SupervisorOptions {
  /** Restart a process when a source file that it has imported changes. */
  readonly watch?: boolean;
}

/** Runs api, worker and dashboard as separate processes, as in production, and restarts any that exits. */
export class Supervisor {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #execArgv: readonly string[];
  readonly #children = new Map<string, ChildProcess>();
  #stopping = false;

  constructor(
    environment: Readonly<Record<string, string>>,
    { watch = false }: SupervisorOptions = {},
  ) {
    // Three processes share a terminal here: print only what needs attention, unless LOG_LEVEL says otherwise.
    this.#environment = { LOG_LEVEL: 'warn', ...process.env, ...environment };
    this.#execArgv = watch ? ['--watch', '--watch-preserve-output'] : [];
  }

  /** @returns the address that the process reports when it is ready */
  async start(name: 'api' | 'worker' | 'dashboard'): Promise<string> {
    const child = fork(PROGRAM, [name], {
      env: this.#environment,
      execArgv: [...this.#execArgv],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#children.set(name, child);
    const address = await readyAddress(child);
    if (address === undefined)
      throw new Error(`exhibit ${name} did not start. See its messages above.`);
    child.once('exit', () => void this.#restart(name));
    return address;
  }

  async #restart(name: 'api' | 'worker' | 'dashboard'): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, RESTART_DELAY_MS));
    if (this.#stopping) return;
    process.stderr.write(`exhibit ${name} exited unexpectedly; restarting it\n`);
    await this.start(name).catch(() => this.#restart(name));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#children.values()].map(stopChild));
  }
}

/** @returns the address that the process reports, or undefined if it exits before it is ready */
function readyAddress(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve(undefined));
    // With --watch, Node also sends messages of its own.
    child.on('message', (message: unknown) => {
      if (typeof message === 'object' && message !== null && 'ready' in message)
        resolve(String(message.ready));
    });
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(timer);
}
