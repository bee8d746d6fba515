import { createZstdDecompress, type ZstdDecompress } from 'node:zlib';

const CONTENT_BYTES = 256 * 1024;

/**
 * Decompresses all frames of a zstd file. Node's decompressor takes the end of the first frame for the end of
 * the file when more bytes come with it, and drops them without a word; files of several frames are what pzstd,
 * `cat a.zst b.zst` and appending make. So each frame gets a decompressor of its own where that happens.
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
  /** What was fed but belongs to the next frame; undefined at the end of the file. */
  rest: Buffer | undefined;

  constructor(pieces: AsyncGenerator<Buffer>, first: Buffer) {
    this.#pieces = pieces;
    // What fails destroys the decompressor, so reading it throws the same error.
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
