import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { colour } from '../terminal/colour.ts';
import type { ProgressLine } from '../terminal/progress-line.ts';
import type { BatchOutcome, RejectedLine } from './send-batch.ts';

/** Maximum number of rejected lines in the JSON result. The --rejects file contains all of them. */
const MAX_REJECTIONS_IN_JSON = 1000;

interface ReportOptions {
  readonly progress: ProgressLine;
  /** Path of a file that receives one line of JSON for each rejected line. */
  readonly rejects: string | undefined;
}

/** Counts stored, repeated and rejected lines, and prints rejected ones as they arrive. */
export class ImportReport {
  created = 0;
  replayed = 0;
  rejected = 0;
  readonly #progress: ProgressLine;
  readonly #file: WriteStream | undefined;
  readonly #first: object[] = [];

  constructor({ progress, rejects }: ReportOptions) {
    this.#progress = progress;
    this.#file = rejects === undefined ? undefined : createWriteStream(rejects, { mode: 0o600 });
    // close() reports the error, and every caller awaits it.
    this.#file?.on('error', () => undefined);
  }

  get lines(): number {
    return this.created + this.replayed + this.rejected;
  }

  add({ created, replayed, rejected }: BatchOutcome): void {
    this.created += created;
    this.replayed += replayed;
    for (const line of rejected) this.reject(line);
  }

  reject({ line, code, detail }: RejectedLine): void {
    this.rejected += 1;
    const where = `${line.file}:${line.number}:`;
    this.#progress.note(`${colour('bold', where)} ${colour('red', code)} ${detail}`);
    const entry = { file: line.file, line: line.number, code, detail };
    if (this.#first.length < MAX_REJECTIONS_IN_JSON) this.#first.push(entry);
    const text = line.original?.toString('utf8') ?? null;
    this.#file?.write(`${JSON.stringify({ ...entry, text })}\n`);
  }

  /** @throws Error if the file of rejected lines cannot be written */
  async close(): Promise<void> {
    if (this.#file === undefined) return;
    this.#file.end();
    await finished(this.#file);
  }

  json(files: number): object {
    const { lines, created, replayed, rejected } = this;
    return { files, lines, created, replayed, rejected, rejectedLines: this.#first };
  }
}
