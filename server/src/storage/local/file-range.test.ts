import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileRange } from './file-range.ts';

const CONTENT = randomBytes(3_000_001);

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exhibit-file-range-'));
  path = join(directory, 'file');
  await writeFile(path, CONTENT);
});

afterEach(() => rm(directory, { recursive: true }));

async function rangeOf(start: number, end: number) {
  const file = await open(path);
  return { file, range: new FileRange(file, { start, end }, 'read artifact a') };
}

/** A destination that reads its buffers with a delay. */
class SlowConnection extends Writable {
  readonly taken: Buffer[] = [];
  maxBuffered = 0;

  readonly #onPiece: ((connection: SlowConnection) => void) | undefined;

  constructor(onPiece?: (connection: SlowConnection) => void) {
    super({ highWaterMark: 1 });
    this.#onPiece = onPiece;
  }

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.maxBuffered = Math.max(this.maxBuffered, this.writableLength);
    setImmediate(() => {
      this.taken.push(Buffer.from(piece));
      this.#onPiece?.(this);
      done();
    });
  }
}

test('sends a range unchanged to a slow connection although buffers are reused', async () => {
  for (const [start, end] of [
    [0, CONTENT.length],
    [999_999, 2_000_001],
    [5, 5],
  ] as const) {
    const { file, range } = await rangeOf(start, end);
    const connection = new SlowConnection();
    await Promise.all([range.sendTo(connection), finished(connection)]);
    expect(Buffer.concat(connection.taken).equals(CONTENT.subarray(start, end))).toBe(true);
    await expect.poll(() => file.fd).toBe(-1);
  }
});

test('limits how far it writes ahead of a connection that does not read', async () => {
  const { range } = await rangeOf(0, CONTENT.length);
  const connection = new SlowConnection();
  await range.sendTo(connection);
  expect(connection.maxBuffered).toBeLessThan(1024 * 1024);
});

test('fails instead of ending the response if the file is shorter than the range', async () => {
  const { file, range } = await rangeOf(0, CONTENT.length);
  await truncate(path, 2_000_000);
  const connection = new SlowConnection();
  await expect(range.sendTo(connection)).rejects.toThrow('the file ends at byte 2000000');
  expect(connection.writableEnded).toBe(false);
  await expect.poll(() => file.fd).toBe(-1);
});

test('stops reading and closes the file when the connection closes', async () => {
  const { file, range } = await rangeOf(0, CONTENT.length);
  const connection = new SlowConnection((of) => of.destroy());
  await expect(range.sendTo(connection)).rejects.toThrow('closed before it had everything');
  expect(connection.taken).toHaveLength(1);
  await expect.poll(() => file.fd).toBe(-1);
});
