import { createLogUpdate } from 'log-update';

const REDRAW_MS = 100;

/** A progress line on stderr that is redrawn in place. Nothing is shown if stderr is not a terminal. */
export class ProgressLine implements Disposable {
  readonly #terminal = process.stderr.isTTY ? createLogUpdate(process.stderr) : undefined;
  #drawnAt = 0;

  /** @param render called only when the line is redrawn */
  update(render: () => string): void {
    const now = performance.now();
    if (this.#terminal === undefined || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#terminal(render());
  }

  /** Prints a permanent line above the progress line. */
  note(line: string): void {
    if (this.#terminal === undefined) process.stderr.write(`${line}\n`);
    else this.#terminal.persist(line);
  }

  /** Removes the progress line. The next update draws immediately. */
  clear(): void {
    this.#terminal?.clear();
    this.#drawnAt = 0;
  }

  [Symbol.dispose](): void {
    this.clear();
    // done() also shows the cursor again.
    this.#terminal?.done();
  }
}
