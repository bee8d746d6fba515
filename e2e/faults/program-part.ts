import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startExhibitProcess } from '../../server/src/testing/exhibit-process.ts';

/** An api or a worker as a process of its own, which can be killed and is started again, as a supervisor does. */
export class ProgramPart implements AsyncDisposable {
  readonly name: 'api' | 'worker';
  readonly #environment: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;

  constructor(name: 'api' | 'worker', environment: Readonly<Record<string, string>>) {
    this.name = name;
    this.#environment = environment;
  }

  async start(): Promise<void> {
    this.#child = (await startExhibitProcess(this.name, this.#environment)).child;
  }

  /** Resolves when the process has ended. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  /** Stands still, its connections open, until thawed. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.thaw();
    await this.end('SIGTERM');
  }
}
