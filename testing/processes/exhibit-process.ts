import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const PROGRAM = new URL('../../exhibit/bin/exhibit.js', import.meta.url);

/** A child process whose resources are measured from outside. */
export interface MeasuredProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** The ready message of the process; the address for api and dashboard. */
  readonly ready: string;
  /** Peak resident memory so far, bytes (VmHWM). */
  peakMemory(): number;
  /** User and system time so far, seconds. */
  cpuSeconds(): number;
}

/** Starts a part of Exhibit as a separate process, as users run it. */
export function startExhibitProcess(
  name: 'api' | 'dashboard' | 'worker',
  env: Readonly<Record<string, string>>,
): Promise<MeasuredProcess> {
  return startProcess(PROGRAM, [name], { ...process.env, LOG_LEVEL: 'warn', ...env });
}

/** Starts any program that sends `{ready}` to its parent process. */
export async function startProcess(
  program: URL,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<MeasuredProcess> {
  const child = fork(program, args, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const first = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  const said: unknown = first[0];
  if (typeof said !== 'object' || said === null || !('ready' in said)) {
    throw new Error(`${program.pathname} ${args.join(' ')} did not start; see its messages above`);
  }
  const proc = (file: string) => readFileSync(`/proc/${child.pid}/${file}`, 'utf8');
  return {
    child,
    ready: String(said.ready),
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
