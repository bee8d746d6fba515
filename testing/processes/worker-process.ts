import { type MeasuredProcess, startExhibitProcess } from './exhibit-process.ts';

export type WorkerProcess = MeasuredProcess;

/** The worker as users run it: a process of its own. */
export function startWorkerProcess(env: Readonly<Record<string, string>>): Promise<WorkerProcess> {
  return startExhibitProcess('worker', env);
}
