import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { startExhibitProcess, startProcess } from '../../testing/processes/exhibit-process.ts';
import { SteppedClock } from './inject/stepped-clock.ts';

const DASHBOARD = new URL('./run-dashboard.ts', import.meta.url);

/** An api, a worker or a dashboard as a process of its own, which can be killed and is started again, as a supervisor does. */
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

  /** Its wall clock is off by this much from now on, also when it is started again. */
  stepClock(offsetMs: number): void {
    this.#clock.set(offsetMs);
    this.#child?.kill('SIGUSR2');
  }

  /** Resident memory now, bytes; undefined while it does not run. */
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
