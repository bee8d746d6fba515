import { createLogUpdate } from 'log-update';

const REDRAW_MS = 100;

/** One line of progress on stderr, redrawn in place; nothing at all when stderr is no terminal. */
export class ProgressLine implements Disposable {
  readonly #terminal = process.stderr.isTTY ? createLogUpdate(process.stderr) : undefined;
  #drawnAt = 0;

  /** @param render called only when it is time to draw */
  update(render: () => string): void {
    const now = performance.now();
    if (this.#terminal === undefined || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#terminal(render());
  }

  /** A line that stays, above the progress. */
  note(line: string): void {
    if (this.#terminal === undefined) process.stderr.write(`${line}\n`);
    else this.#terminal.persist(line);
  }

  /** Takes the line away; the next update draws at once. */
  clear(): void {
    this.#terminal?.clear();
    this.#drawnAt = 0;
  }

  [Symbol.dispose](): void {
    this.clear();
    // Also shows the cursor again.
    this.#terminal?.done();
  }
}
