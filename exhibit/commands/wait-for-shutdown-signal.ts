/**
 * Resolves with the reason when the process should stop: SIGINT, SIGTERM, or the exit of its parent process,
 * whose IPC channel closes even after a `kill -9`.
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
