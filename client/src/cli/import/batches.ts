import type { Line } from './read-lines.ts';

/** A line on its way, and what is needed to report it. */
export interface ImportLine {
  readonly file: string;
  readonly number: number;
  /** As it stands in the file. */
  readonly original: Line['bytes'];
  /** As it is sent. */
  readonly json: Buffer;
}

/** The server takes 64 MiB; smaller batches keep its memory and a lost connection's cost small. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** A line does not wait longer than this for the others of its batch: `tail -f … | exhibit import -`. */
const MAX_WAIT_MS = 1_000;

/** Groups lines into batches of at most `most` lines and 8 MiB; what comes slowly goes in smaller ones. */
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

  /** Resolves when the first line has waited long enough. */
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
