import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { startExhibitProcess, startProcess } from '../../testing/processes/exhibit-process.ts';
import { SteppedClock } from './inject/stepped-clock.ts';

const DASHBOARD = new URL('./run-dashboard.ts', import.meta.url);

/** An api, a worker or a dashboard as a separate process that can be killed and is restarted, as by a supervisor. */
export class ProgramPart implements AsyncDisposable {
  readonly name: 'api' | 'worker' | 'dashboard';
  readonly #environment: Readonly<Record<string, string>>;
  readonly #clock = new SteppedClock();
  #child: ChildProcess | undefined;

  constructor(name: 'api' | 'worker' | 'dashboard', environment: Readonly<Record<string, string>>) {
    this.name = name;
    this.#environment = { ...environment, ...this.#clock.environment };
  }

  async start(): Promise<void> {
    const started =
      this.name === 'dashboard'
        ? await startProcess(DASHBOARD, [], { ...process.env, ...this.#environment })
        : await startExhibitProcess(this.name, this.#environment);
    this.#child = started.child;
  }

  /** Resolves when the process has exited. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  /** Stops the process with its connections open until `thaw` is called. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Shifts the wall clock of the process from now on, including after a restart. */
  stepClock(offsetMs: number): void {
    this.#clock.set(offsetMs);
    this.#child?.kill('SIGUSR2');
  }

  /** Current resident memory in bytes; undefined while the process is not running. */
  memory(): number | undefined {
    try {
      const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8');
      const kilobytes = /VmRSS:\s+(\d+)/.exec(status)?.[1];
      return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
    } catch {
      return undefined;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.thaw();
    await this.end('SIGTERM');
    this.#clock[Symbol.dispose]();
  }
}
