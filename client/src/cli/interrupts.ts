import { EXIT } from './exit-codes.ts';

/** Ctrl-C (and SIGTERM) while a command runs: the first one asks, the second one ends the process. */
export class Interrupts implements Disposable {
  readonly #asked = new AbortController();
  readonly #listener = () => this.#interrupt();

  constructor() {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, this.#listener);
  }

  /** Aborted by the first one. */
  get signal(): AbortSignal {
    return this.#asked.signal;
  }

  #interrupt(): void {
    if (this.#asked.signal.aborted) {
      process.stderr.write('\n');
      process.exit(EXIT.interrupted);
    }
    this.#asked.abort(new Error('Interrupted.'));
  }

  [Symbol.dispose](): void {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, this.#listener);
  }
}
