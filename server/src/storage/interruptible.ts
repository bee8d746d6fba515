/**
 * Yields the chunks of `source` and stops immediately when the signal is aborted. A pipeline alone would first wait for
 * the next chunk, which a stalled database connection never sends.
 *
 * @throws the reason of `signal`.
 */
export async function* interruptible<Chunk>(
  source: AsyncIterable<Chunk>,
  signal: AbortSignal,
): AsyncGenerator<Chunk, void, undefined> {
  signal.throwIfAborted();
  const iterator = source[Symbol.asyncIterator]();
  // Use one listener and a variable for the current wait. Racing each chunk against one long-lived promise would keep
  // every chunk in memory, because that promise holds a reference to all its races.
  let interrupt: ((reason: unknown) => void) | undefined;
  const onAbort = (): void => interrupt?.(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  let ended = false;
  try {
    for (;;) {
      const next = await new Promise<IteratorResult<Chunk>>((resolve, reject) => {
        interrupt = reject;
        iterator.next().then(resolve, (error: unknown) => {
          ended = true;
          reject(error);
        });
      });
      signal.throwIfAborted();
      if (next.done === true) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (!ended) await close(iterator, signal);
  }
}

async function close(iterator: AsyncIterator<unknown>, signal: AbortSignal): Promise<void> {
  const closing = iterator.return?.();
  // After an abort the source may never respond, so do not wait for it and ignore an error while closing it.
  if (signal.aborted) closing?.catch(() => undefined);
  else await closing;
}
