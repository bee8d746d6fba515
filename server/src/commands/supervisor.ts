import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

const PROGRAM = new URL('../../bin/exhibit.js', import.meta.url);
const RESTART_DELAY_MS = 1_000;
/** A child that is asked to stop hands its work back within seconds; after this it is killed. */
const STOP_TIMEOUT_MS = 25_000;

/** Runs api, worker and dashboard as processes of their own, as production does, and restarts one that dies. */
export class Supervisor {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #children = new Map<string, ChildProcess>();
  #stopping = false;

  constructor(environment: Readonly<Record<string, string>>) {
    // Three processes share a terminal here: only what needs a person is printed, unless asked otherwise.
    this.#environment = { LOG_LEVEL: 'warn', ...process.env, ...environment };
  }

  /** Resolves with what the process says when it is ready: its address. */
  async start(name: 'api' | 'worker' | 'dashboard'): Promise<string> {
    const child = fork(PROGRAM, [name], {
      env: this.#environment,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#children.set(name, child);
    const ready = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    const message: unknown = ready[0];
    if (typeof message !== 'object' || message === null || !('ready' in message)) {
      throw new Error(`exhibit ${name} did not start; its messages are above.`);
    }
    child.once('exit', () => void this.#restart(name));
    return String(message.ready);
  }

  async #restart(name: 'api' | 'worker' | 'dashboard'): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, RESTART_DELAY_MS));
    if (this.#stopping) return;
    process.stderr.write(`exhibit ${name} ended unexpectedly, starting it again\n`);
    await this.start(name).catch(() => this.#restart(name));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#children.values()].map(stopChild));
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(timer);
}
