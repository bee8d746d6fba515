import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';

const PRELOAD = new URL('./shift-clock.ts', import.meta.url).href;

/** The shifted wall clock of one process: its environment and its offset. */
export class SteppedClock implements Disposable {
  readonly #file = join(tmpdir(), `exhibit-clock-${randomUUID()}`);

  constructor() {
    this.set(0);
  }

  get environment(): Readonly<Record<string, string>> {
    return { NODE_OPTIONS: `--import=${PRELOAD}`, FAULTS_CLOCK_FILE: this.#file };
  }

  set(offsetMs: number): void {
    writeFileSync(this.#file, String(offsetMs));
  }

  [Symbol.dispose](): void {
    rmSync(this.#file, { force: true });
  }
}
