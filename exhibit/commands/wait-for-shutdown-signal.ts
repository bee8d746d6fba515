/**
 * Resolves when the process is asked to stop: SIGINT, SIGTERM, or the end of the process that started it
 * (its IPC channel closes even when it is killed with -9).
 */
export function waitForShutdownSignal(): Promise<string> {
  return new Promise((resolve) => {
    const stop = (reason: string) => {
      // An open channel would keep the process alive after its work is done.
      if (process.connected) process.disconnect();
      resolve(reason);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
    process.once('disconnect', () => stop('parent ended'));
  });
}
