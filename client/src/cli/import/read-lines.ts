/** A line of a file: its bytes without the line end, numbered from 1. */
export interface Line {
  readonly number: number;
  /** undefined: longer than MAX_LINE_BYTES, and not kept. */
  readonly bytes: Buffer | undefined;
}

/** An event has at most 256 KiB, as the server counts it; white space and escapes take more room in a file. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;

const LF = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Splits at LF only: what JSON allows inside a string (U+2028, a lone CR) is no line end. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let number = 0;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  const finish = (rest: Buffer): Line => {
    number += 1;
    const bytes = pendingBytes + rest.length;
    const line = pending.length === 0 ? rest : Buffer.concat([...pending, rest]);
    pending = [];
    pendingBytes = 0;
    return { number, bytes: bytes > MAX_LINE_BYTES ? undefined : withoutMark(number, line) };
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      yield finish(chunk.subarray(start, end));
      start = end + 1;
    }
    pendingBytes += chunk.length - start;
    // The rest of a line that is too long already is counted, not kept.
    if (pendingBytes <= MAX_LINE_BYTES && start < chunk.length) pending.push(chunk.subarray(start));
    else if (pendingBytes > MAX_LINE_BYTES) pending = [];
  }
  if (pendingBytes > 0) yield finish(Buffer.alloc(0));
}

function withoutMark(number: number, line: Buffer): Buffer {
  const isMarked = number === 1 && line.subarray(0, 3).equals(BYTE_ORDER_MARK);
  return isMarked ? line.subarray(3) : line;
}
