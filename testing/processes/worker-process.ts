import { type MeasuredProcess, startExhibitProcess } from './exhibit-process.ts';

export type WorkerProcess = MeasuredProcess;

/** Starts the worker as a separate process, as users run it. */
export function startWorkerProcess(env: Readonly<Record<string, string>>): Promise<WorkerProcess> {
  return startExhibitProcess('worker', env);
}
