import { createZstdDecompress, type ZstdDecompress } from 'node:zlib';

const CONTENT_BYTES = 256 * 1024;

/**
 * Decompresses all frames of a zstd file, with a new decompressor for each. Node's decompressor treats the end of the
 * first frame as the end of the file if the same chunk contains more bytes, and silently drops them. Files with
 * several frames are created by pzstd, by `cat a.zst b.zst` and by appending.
 */
export async function* zstdFrames(pieces: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer | undefined = await nextPiece(pieces);
  while (rest !== undefined) {
    const frame = new FrameFeed(pieces, rest);
    yield* frame.content();
    rest = frame.rest;
  }
}

class FrameFeed {
  readonly #pieces: AsyncGenerator<Buffer>;
  readonly #decompress: ZstdDecompress = createZstdDecompress({ chunkSize: CONTENT_BYTES });
  readonly #feeding: Promise<void>;
  /** Bytes that were written but belong to the next frame; undefined at the end of the file. */
  rest: Buffer | undefined;

  constructor(pieces: AsyncGenerator<Buffer>, first: Buffer) {
    this.#pieces = pieces;
    // An error here destroys the decompressor, so reading from it throws the same error.
    this.#feeding = this.#feed(first).catch((error: Error) => void this.#decompress.destroy(error));
  }

  async *content(): AsyncGenerator<Buffer> {
    yield* this.#decompress as AsyncIterable<Buffer>;
    await this.#feeding;
  }

  async #feed(first: Buffer): Promise<void> {
    let fed = 0;
    let piece: Buffer | undefined = first;
    for (; piece !== undefined; piece = await nextPiece(this.#pieces)) {
      fed += piece.length;
      await this.#write(piece);
      const unread = fed - this.#decompress.bytesWritten;
      if (unread > 0) {
        this.rest = piece.subarray(piece.length - unread);
        return;
      }
    }
    this.#decompress.end();
  }

  #write(piece: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#decompress.write(piece, (error) => (error ? reject(error) : resolve()));
    });
  }
}

async function nextPiece(pieces: AsyncGenerator<Buffer>): Promise<Buffer | undefined> {
  const next: IteratorResult<Buffer, unknown> = await pieces.next();
  return next.done === true ? undefined : next.value;
}
