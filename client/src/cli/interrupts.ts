import { EXIT } from './exit-codes.ts';

/** Handles Ctrl-C and SIGTERM while a command runs: the first aborts `signal`, the second ends the process. */
export class Interrupts implements Disposable {
  readonly #interrupted = new AbortController();
  readonly #listener = () => this.#interrupt();

  constructor() {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, this.#listener);
  }

  /** Aborted by the first interrupt. */
  get signal(): AbortSignal {
    return this.#interrupted.signal;
  }

  #interrupt(): void {
    if (this.#interrupted.signal.aborted) {
      process.stderr.write('\n');
      process.exit(EXIT.interrupted);
    }
    this.#interrupted.abort(new Error('Interrupted.'));
  }

  [Symbol.dispose](): void {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, this.#listener);
  }
}
