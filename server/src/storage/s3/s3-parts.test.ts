import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { partBytes, sendParts } from './s3-parts.ts';

const MIB = 1024 * 1024;

test('10,000 parts, the limit of S3, hold 122 GiB and have allowed sizes', () => {
  const sizes = Array.from({ length: 10_000 }, (_, at) => partBytes(at + 1));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(Math.floor(total / 1024 ** 3)).toBe(122);
  expect(Math.min(...sizes)).toBe(5 * MIB);
  expect(Math.max(...sizes)).toBeLessThan(5 * 1024 ** 3);
});

test('a failed part stops the source and the other parts and its error is thrown', async () => {
  const failure = new Error('no');
  let stopped = 0;
  const sending = sendParts(counted(1000), ({ number }, stop) =>
    number === 2
      ? Promise.reject(failure)
      : new Promise((_, reject) => {
          if (number === 1) reject(failure);
          stop.addEventListener('abort', () => {
            stopped++;
            reject(new Error('stopped'));
          });
        }),
  );
  await expect(sending).rejects.toBe(failure);
  expect(stopped).toBeLessThanOrEqual(2);
});

test('parts contain the right bytes even if transfers are slow and finish in any order', async () => {
  const waiting: (() => void)[] = [];
  const hashes: string[] = [];
  const sending = sendParts(counted(32), async ({ number, body }) => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
    hashes[number - 1] = createHash('sha256').update(body).digest('hex');
    return { PartNumber: number, ETag: hashes[number - 1] ?? '' };
  });
  let max = 0;
  const drain = setInterval(() => {
    max = Math.max(max, waiting.length);
    waiting.pop()?.();
  }, 1);
  const { parts } = await sending;
  clearInterval(drain);
  const whole = Buffer.concat(await Array.fromAsync(counted(32)));
  const expected = [];
  for (let at = 0; at < whole.length; at += 5 * MIB)
    expected.push(
      createHash('sha256')
        .update(whole.subarray(at, at + 5 * MIB))
        .digest('hex'),
    );
  expect(parts.map(({ ETag }) => ETag)).toEqual(expected);
  expect(max).toBeLessThanOrEqual(3);
});

/** Chunks of 1 MiB whose bytes contain the index of the chunk. */
async function* counted(count: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < count; at++) yield Buffer.alloc(MIB, at);
}
