import type { Line } from './read-lines.ts';

/** A line to send, with the data needed to report it. */
export interface ImportLine {
  readonly file: string;
  readonly number: number;
  /** The line as it is in the file. */
  readonly original: Line['bytes'];
  /** The line as it is sent. */
  readonly json: Buffer;
}

/** The server accepts 64 MiB. Smaller batches use less of its memory and lose less when a connection breaks. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** Maximum time a line waits for its batch to fill up, for slow input such as `tail -f … | exhibit import -`. */
const MAX_WAIT_MS = 1_000;

/** Groups lines into batches of at most `max` lines and 8 MiB. Slow input is sent in smaller batches. */
export async function* batches(
  lines: AsyncGenerator<ImportLine>,
  max: number,
): AsyncGenerator<readonly ImportLine[]> {
  let batch = new Batch();
  let next = lines.next();
  for (;;) {
    const arrived = batch.lines.length === 0 ? await next : await Promise.race([next, batch.due]);
    const line = arrived === undefined || arrived.done === true ? undefined : arrived.value;
    if (line === undefined || batch.isFullFor(line, max)) {
      if (batch.lines.length > 0) yield batch.close();
      batch = new Batch();
    }
    if (arrived?.done === true) return;
    if (line === undefined) continue;
    batch.add(line);
    next = lines.next();
  }
}

class Batch {
  readonly lines: ImportLine[] = [];
  readonly #due = Promise.withResolvers<undefined>();
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Resolves when the first line has waited for MAX_WAIT_MS. */
  get due(): Promise<undefined> {
    return this.#due.promise;
  }

  isFullFor({ json }: ImportLine, max: number): boolean {
    const { length } = this.lines;
    return length >= max || (length > 0 && this.#bytes + json.length > MAX_BATCH_BYTES);
  }

  add(line: ImportLine): void {
    this.#timer ??= setTimeout(() => this.#due.resolve(undefined), MAX_WAIT_MS).unref();
    this.lines.push(line);
    this.#bytes += line.json.length;
  }

  close(): readonly ImportLine[] {
    clearTimeout(this.#timer);
    return this.lines;
  }
}
