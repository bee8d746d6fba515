import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const PROGRAM = new URL('../../bin/exhibit.js', import.meta.url);

export interface WorkerProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Peak resident memory so far, bytes (VmHWM). */
  peakMemory(): number;
  /** User and system time so far, seconds. */
  cpuSeconds(): number;
}

/** The worker as users run it: a process of its own. */
export async function startWorkerProcess(
  env: Readonly<Record<string, string>>,
): Promise<WorkerProcess> {
  const child = fork(PROGRAM, ['worker'], {
    env: { ...process.env, LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  const proc = (file: string) => readFileSync(`/proc/${child.pid}/${file}`, 'utf8');
  return {
    child,
    peakMemory: () => Number(/VmHWM:\s+(\d+)/.exec(proc('status'))?.[1]) * 1024,
    cpuSeconds: () => {
      const fields = proc('stat').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    [Symbol.asyncDispose]: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
