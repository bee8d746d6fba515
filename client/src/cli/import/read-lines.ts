/** A line of a file, without its line terminator, numbered from 1. */
export interface Line {
  readonly number: number;
  /** undefined if the line is longer than MAX_LINE_BYTES. */
  readonly bytes: Buffer | undefined;
}

/** The server limits an event to 256 KiB after parsing. White space and escapes can make the line longer. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;

const LF = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Splits at LF only, because a JSON string may contain U+2028, and a lone CR is JSON white space. */
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
    // For a line that is already too long, count the remaining bytes but do not keep them.
    if (pendingBytes <= MAX_LINE_BYTES && start < chunk.length) pending.push(chunk.subarray(start));
    else if (pendingBytes > MAX_LINE_BYTES) pending = [];
  }
  if (pendingBytes > 0) yield finish(Buffer.alloc(0));
}

function withoutMark(number: number, line: Buffer): Buffer {
  const isMarked = number === 1 && line.subarray(0, 3).equals(BYTE_ORDER_MARK);
  return isMarked ? line.subarray(3) : line;
}
