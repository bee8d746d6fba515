import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import * as sdk from '@aws-sdk/client-s3';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startS3Server } from '../../../../testing/storage/s3-server.ts';
import {
  describeArtifactStore,
  type StoreUnderTest,
} from '../../../../testing/storage/artifact-store-conformance.ts';
import { ArtifactStoreError } from '../artifact-store.ts';
import { openArtifactStore } from '../open-artifact-store.ts';
import { S3Bucket } from './s3-bucket.ts';
import { openS3 } from './s3-connection.ts';
import { parseS3Url } from './s3-location.ts';
import { MAX_BUFFERED_BYTES } from './s3-parts.ts';

const MIB = 1024 * 1024;
const signal = new AbortController().signal;
const server = await startS3Server();
afterAll(() => server[Symbol.asyncDispose]());

/** Runs `before` ahead of every part that is sent, until the end of the test. */
function aheadOfParts(before: () => Promise<void>): void {
  const client = sdk.S3Client.prototype;
  const original: unknown = Reflect.get(client, 'send');
  if (typeof original !== 'function') throw new TypeError('the client has no send');
  Reflect.set(client, 'send', async function (this: sdk.S3Client, ...values: unknown[]) {
    if (values[0] instanceof sdk.UploadPartCommand) await before();
    return Reflect.apply(original, this, values) as unknown;
  });
  onTestFinished(() => void Reflect.set(client, 'send', original));
}

/** A store in a separate folder of the bucket of `storeUrl`. */
async function underTest(storeUrl: string): Promise<StoreUnderTest> {
  const url = new URL(storeUrl);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/test-${randomUUID()}`;
  const location = parseS3Url(url);
  const { client } = await openS3(location);
  const store = new S3Bucket(location);
  return {
    store,
    unwritable: new S3Bucket({ ...location, bucket: `exhibit-absent-${randomUUID()}` }),
    maxBufferedBytes: MAX_BUFFERED_BYTES + 64 * 1024,
    async leavePartial(key) {
      const object = { Bucket: location.bucket, Key: location.prefix + key };
      await client.send(new sdk.CreateMultipartUploadCommand(object));
    },
    holdWrites() {
      const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      aheadOfParts(() => {
        reached.resolve();
        return released.promise;
      });
      return { reached: reached.promise, release: released.resolve };
    },
    async close() {
      for await (const { key, partial } of store.list(''))
        await (partial ? store.deletePartials(key) : store.delete(key));
    },
  };
}

describeArtifactStore('an S3 bucket, over the network', () => underTest(server.storeUrl()));

const given = process.env['S3_TEST_URL'];
describe.skipIf(given === undefined)('the bucket of S3_TEST_URL', () => {
  describeArtifactStore('the S3 bucket that S3_TEST_URL names', () => underTest(given ?? ''));
});

describe('an S3 bucket', () => {
  let store: S3Bucket;
  let url: string;
  beforeEach(() => {
    server.fault = () => undefined;
    server.requests.length = 0;
    url = server.storeUrl();
    store = new S3Bucket(parseS3Url(new URL(url)));
  });
  const bytesOf = (count: number) =>
    Readable.from(
      (function* () {
        for (let sent = 0; sent < count; sent += MIB)
          yield Buffer.alloc(Math.min(MIB, count - sent), sent / MIB);
      })(),
    );
  const operations = () => server.requests.map(({ operation }) => operation);
  const everything = () => Array.fromAsync(store.list(''), ({ key }) => key);

  test('every part has a checksum and a damaged part is rejected', async () => {
    await store.write('a', bytesOf(6 * MIB), { signal });
    expect(operations()).toEqual(['create', 'part', 'part', 'complete']);
    server.fault = ({ operation, body }) => {
      if (operation === 'part') body[5] = (body[5] ?? 0) ^ 1;
      return undefined;
    };
    const writing = store.write('b', bytesOf(MIB), { signal });
    await expect(writing).rejects.toThrow('Cannot write artifact b: the store failed (BadDigest');
    expect(await everything()).toEqual(['a']);
  });

  test('requests encryption at rest if the URL requires it', async () => {
    const encrypted = openArtifactStore(`${url}&sse=aws:kms&kmsKey=alias/exports`);
    await encrypted.write('a', bytesOf(10), { signal });
    const [create] = server.requests;
    expect(create?.headers).toMatchObject({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'alias/exports',
    });
  });

  test('virtual-hosted style puts the bucket into the host name', async () => {
    const { bucket, endpoint } = parseS3Url(new URL(url));
    const port = new URL(endpoint ?? '').port;
    const styled = `s3://${bucket}/artifacts?endpoint=http://localhost:${port}&pathStyle=false`;
    const found = await openArtifactStore(styled)
      .stat('a')
      .catch((error: unknown) => error);
    // Not every machine resolves *.localhost, so the test only checks the form of the request.
    const host = server.requests[0]?.headers.host ?? String(found);
    expect(host).toContain(`${bucket}.localhost`);
  });

  test.each([
    [403, 'AccessDenied', 'refused', 'permission is missing'],
    [403, 'SignatureDoesNotMatch', 'refused', 'the credentials are wrong'],
    [507, 'XMinioStorageFull', 'full', 'the store is full'],
    [400, 'EntityTooLarge', 'failed', 'the store failed'],
  ])(
    'a response %d %s during an upload fails with reason %s and leaves no objects',
    async (status, code, ...said) => {
      server.fault = ({ operation, url: { searchParams } }) =>
        operation === 'part' && searchParams.get('partNumber') === '2'
          ? { status, code }
          : undefined;
      const error: unknown = await store
        .write('a', bytesOf(40 * MIB), { signal })
        .catch((cause: unknown) => cause);
      if (!(error instanceof ArtifactStoreError)) throw error;
      expect([error.reason, error.message]).toEqual([
        said[0],
        expect.stringContaining(said[1] ?? ''),
      ]);
      expect(await everything()).toEqual([]);
    },
  );

  test('a temporary failure is retried without an error', async () => {
    let failures = 0;
    server.fault = ({ operation }) => {
      if (!['create', 'part', 'complete', 'get'].includes(operation) || failures++ % 2 > 0)
        return undefined;
      return { status: 503, code: 'SlowDown' };
    };
    await store.write('a', bytesOf(MIB), { signal });
    expect(await buffer(await store.open('a'))).toHaveLength(MIB);
    expect(failures).toBe(8);
  });

  test('a completion with a lost response succeeds because the object exists', async () => {
    server.fault = ({ operation }) => (operation === 'complete' ? 'lose answer' : undefined);
    expect(await store.write('a', bytesOf(9 * MIB), { signal })).toEqual({ bytes: 9 * MIB });
    expect(await store.stat('a')).toEqual({ bytes: 9 * MIB });
    expect(operations().filter((operation) => operation === 'complete').length).toBeGreaterThan(1);
  });

  test('a failed completion is not mistaken for success because of an older object', async () => {
    await store.write('a', bytesOf(MIB), { signal });
    server.fault = ({ operation }) =>
      operation === 'complete' ? { status: 500, code: 'InternalError' } : undefined;
    const writing = store.write('a', bytesOf(MIB), { signal });
    await expect(writing).rejects.toThrow('Cannot write artifact a');
    server.fault = () => undefined;
    expect(await everything()).toEqual(['a']);
  });

  test('canceling during the transfer of a part aborts the upload', async () => {
    const controller = new AbortController();
    const reason = new Error('canceled');
    const released = Promise.withResolvers<undefined>();
    server.fault = ({ operation }) => {
      if (operation !== 'part') return undefined;
      controller.abort(reason);
      return released.promise;
    };
    const writing = store.write('a', bytesOf(9 * MIB), { signal: controller.signal });
    await expect(writing).rejects.toBe(reason);
    released.resolve(undefined);
    expect(await everything()).toEqual([]);
  });

  test('a download resumes at the next byte when its connection breaks', async () => {
    await store.write('a', bytesOf(9 * MIB), { signal });
    const whole = await buffer(await store.open('a'));
    let cuts = 0;
    server.fault = ({ operation }) =>
      operation === 'get' && cuts++ < 5 ? { cutAfterBytes: MIB + 11 } : undefined;
    const part = await buffer(await store.open('a', { start: 100, end: 9 * MIB - 5 }));
    expect(whole.subarray(100, 9 * MIB - 5).equals(part)).toBe(true);
    expect(cuts).toBe(6);
  });

  test('a download survives a store that refuses connections for three seconds', async () => {
    await store.write('a', bytesOf(9 * MIB), { signal });
    const whole = await buffer(await store.open('a'));
    let [cut, refused] = [false, 0];
    const backAt = performance.now() + 3_000;
    server.fault = ({ operation }) => {
      if (operation !== 'get') return undefined;
      if (!cut) {
        cut = true;
        return { cutAfterBytes: MIB + 11 };
      }
      if (performance.now() > backAt) return undefined;
      refused++;
      return { cutAfterBytes: 0 };
    };
    expect(whole.equals(await buffer(await store.open('a')))).toBe(true);
    expect(refused).toBeGreaterThan(0);
  });

  test('a stalled download continues on another connection', async () => {
    await store.write('a', bytesOf(9 * MIB), { signal });
    const whole = await buffer(await store.open('a'));
    const impatient = new S3Bucket(parseS3Url(new URL(url)), { answerMs: 5_000, idleMs: 100 });
    let stalls = 0;
    server.fault = ({ operation }) =>
      operation === 'get' && stalls++ < 2 ? { stallAfterBytes: MIB + 11 } : undefined;
    expect(whole.equals(await buffer(await impatient.open('a')))).toBe(true);
    expect(stalls).toBe(3);
  });

  test('a response whose body stalls fails or ends with the signal', async () => {
    const impatient = new S3Bucket(parseS3Url(new URL(url)), { answerMs: 100, idleMs: 100 });
    server.fault = ({ operation }) => (operation === 'list' ? { stallAfterBytes: 10 } : undefined);
    await expect(impatient.deletePrefix('a')).rejects.toThrow('Cannot delete artifacts under a/');
    const stopped = store.deletePrefix('a', { signal: AbortSignal.timeout(50) });
    await expect(stopped).rejects.toThrow('Cannot delete artifacts under a/');
  });

  test('a download never continues with another object of the same key', async () => {
    await store.write('a', bytesOf(9 * MIB), { signal });
    server.fault = ({ operation }) =>
      operation === 'get' ? { cutAfterBytes: MIB + 11 } : undefined;
    const reader = await store.open('a');
    await store.write('a', bytesOf(10 * MIB), { signal });
    await expect(buffer(reader)).rejects.toThrow('Cannot read artifact a');
  });

  test('the reader fails if the server breaks every response', async () => {
    await store.write('a', bytesOf(MIB), { signal });
    const reader = await store.open('a');
    reader.destroy();
    server.fault = ({ operation }) => (operation === 'get' ? { cutAfterBytes: 0 } : undefined);
    const failing = store.open('a').then((stream) => buffer(stream));
    await expect(failing).rejects.toThrow('Cannot read artifact a');
  });

  test('does not list or delete objects that are not artifacts', async () => {
    const { client, location } = await openS3(parseS3Url(new URL(url)));
    const others = ['artifacts/a/README.TXT', 'artifacts-of-others/a/b', 'else'];
    for (const Key of others)
      await client.send(new sdk.PutObjectCommand({ Bucket: location.bucket, Key, Body: 'x' }));
    await store.write('a/b', bytesOf(1), { signal });
    expect(await everything()).toEqual(['a/b']);
    expect(await store.deletePrefix('a')).toBe(1);
    const { Contents } = await client.send(
      new sdk.ListObjectsV2Command({ Bucket: location.bucket }),
    );
    expect(Contents?.map(({ Key }) => Key).sort()).toEqual([...others].sort());
  });
});
