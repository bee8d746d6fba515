import type { FileHandle } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { ArtifactStoreError, type ByteRange } from '../artifact-store.ts';
import { storing } from './file-system-error.ts';

const CHUNK_BYTES = 1024 * 1024;
const HELD_BYTES = 256 * 1024;
/** One buffer is filled while two are being sent. */
const HELD_BUFFERS = 3;

/**
 * Reads one range of an open file and closes it. It fails if the file is shorter than the range; fs.createReadStream
 * just ends in that case, so a truncated download would look complete.
 */
export class FileRange extends Readable {
  readonly #file: FileHandle;
  readonly #doing: string;
  readonly #end: number;
  #position: number;

  /** @param doing the operation for error messages, such as `read artifact a/b` */
  constructor(file: FileHandle, { start, end }: ByteRange, doing: string) {
    super({ highWaterMark: CHUNK_BYTES });
    this.#file = file;
    this.#doing = doing;
    this.#position = start;
    this.#end = end;
  }

  /**
   * Writes the whole range to `destination` and ends it, using three reusable buffers. A stream would allocate new
   * memory for every megabyte, which halved the download speed (docs/evidence/performance.md). Do not also read from
   * the stream.
   * @throws ArtifactStoreError if reading fails, or if `destination` closes before it has received everything
   */
  async sendTo(destination: Writable): Promise<void> {
    const free = Array.from({ length: HELD_BUFFERS }, () => Buffer.allocUnsafeSlow(HELD_BYTES));
    let wake = (): void => undefined;
    const onClose = () => wake();
    destination.once('close', onClose);
    try {
      while (this.#position < this.#end) {
        if (destination.destroyed) throw new Error('closed before it had everything');
        const buffer = free.pop();
        if (buffer === undefined) {
          await new Promise<void>((resolve) => (wake = resolve));
          continue;
        }
        destination.write(await this.#fill(buffer), () => {
          free.push(buffer);
          wake();
        });
      }
      destination.end();
    } finally {
      destination.off('close', onClose);
      this.destroy();
    }
  }

  override _read(): void {
    if (this.#position === this.#end) {
      this.push(null);
      return;
    }
    this.#fill(Buffer.allocUnsafe(Math.min(CHUNK_BYTES, this.#end - this.#position))).then(
      (chunk) => this.push(chunk),
      (error: Error) => this.destroy(error),
    );
  }

  override _destroy(cause: Error | null, finish: (error: Error | null) => void): void {
    void closeAfter(this.#file, cause).then(finish);
  }

  /** Reads the next bytes, at least one, into the buffer. */
  async #fill(buffer: Buffer): Promise<Buffer> {
    const length = Math.min(buffer.length, this.#end - this.#position);
    const reading = this.#file.read(buffer, 0, length, this.#position);
    const { bytesRead } = await storing(this.#doing, reading);
    if (bytesRead === 0) {
      const at = `the file ends at byte ${this.#position}`;
      throw new ArtifactStoreError('failed', `Cannot ${this.#doing}: ${at}`);
    }
    this.#position += bytesRead;
    return buffer.subarray(0, bytesRead);
  }
}

/** @returns the error to report, if any: the read error, or else the error while closing. */
async function closeAfter(file: FileHandle, cause: Error | null): Promise<Error | null> {
  try {
    await file.close();
    return cause;
  } catch (error) {
    return cause ?? (error instanceof Error ? error : new Error(String(error)));
  }
}
