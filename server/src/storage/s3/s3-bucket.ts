import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { artifactFolder, checkArtifactKey } from '../artifact-key.ts';
import {
  ArtifactMissingError,
  ArtifactStoreError,
  checkRange,
  type ArtifactStore,
  type ByteRange,
  type DeleteOptions,
  type ListedArtifact,
  type Stored,
  type StoreFindings,
  type WriteOptions,
} from '../artifact-store.ts';
import { probeS3Bucket } from '../probe-s3-bucket.ts';
import {
  openS3,
  optionsOf,
  S3_TIMEOUTS,
  type S3Connection,
  type S3Timeouts,
} from './s3-connection.ts';
import { calling, isUnknownUpload } from './s3-error.ts';
import { headObject } from './s3-head.ts';
import { listS3Objects, listS3Uploads, type UnfinishedUpload } from './s3-listing.ts';
import { retryWhileAway } from '../retry-while-away.ts';
import type { S3Location } from './s3-location.ts';
import { streamS3Object } from './s3-object-stream.ts';
import { writeS3Object } from './s3-upload.ts';

/** If a folder is not empty after this many passes, writers keep adding objects to it. */
const MAX_PASSES = 20;

/**
 * An artifact store in an S3 bucket. Each artifact is the object at prefix + key. Any number of processes may use the
 * same bucket. Objects whose names are not artifact keys are ignored.
 */
export class S3Bucket implements ArtifactStore {
  readonly #location: S3Location;
  readonly #timeouts: S3Timeouts;
  #connection: Promise<S3Connection> | undefined;
  #encryption: Promise<void> | undefined;
  readonly #leftovers = new Map<string, Error>();

  constructor(location: S3Location, timeouts?: S3Timeouts) {
    this.#location = location;
    const { answerMs = S3_TIMEOUTS.answerMs } = location;
    this.#timeouts = timeouts ?? { ...S3_TIMEOUTS, answerMs };
  }

  async write(
    key: string,
    source: AsyncIterable<Uint8Array>,
    options: WriteOptions,
  ): Promise<Stored> {
    checkArtifactKey(key);
    const s3 = await this.#connect();
    await this.#confirmEncryption(s3, options);
    const onLeftover = (error: Error): void => {
      this.#leftovers.set(key, error);
      options.onLeftover?.(error);
    };
    return writeS3Object(s3, key, source, { ...options, onLeftover });
  }

  takeLeftover(key: string): Error | undefined {
    const left = this.#leftovers.get(key);
    this.#leftovers.delete(key);
    return left;
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    checkArtifactKey(key);
    const found = await retryWhileAway(() => this.#head(key));
    if (found === undefined) throw new ArtifactMissingError(key);
    const { bytes, etag } = found;
    const wanted = range ?? { start: 0, end: bytes };
    checkRange(wanted, bytes);
    // HTTP cannot express an empty range.
    if (wanted.start === wanted.end) return Readable.from([], { objectMode: false });
    return streamS3Object(await this.#connect(), { ...wanted, key, etag });
  }

  async stat(key: string): Promise<Stored | undefined> {
    checkArtifactKey(key);
    const found = await this.#head(key);
    return found === undefined ? undefined : { bytes: found.bytes };
  }

  async delete(key: string, { signal }: DeleteOptions = {}): Promise<void> {
    checkArtifactKey(key);
    await calling(`delete artifact ${key}`, this.#deleteObject(key, signal));
  }

  async deletePartials(key: string): Promise<number> {
    checkArtifactKey(key);
    return calling(
      `delete what is unfinished of artifact ${key}`,
      this.#endUploads((found) => found === key),
    );
  }

  async deletePrefix(prefix: string, { signal }: DeleteOptions = {}): Promise<number> {
    const folder = `${artifactFolder(prefix)}/`;
    return calling(`delete artifacts under ${folder}`, this.#deleteFolder(folder, signal));
  }

  async *list(prefix: string): AsyncGenerator<ListedArtifact, void, undefined> {
    const folder = prefix === '' ? '' : `${artifactFolder(prefix)}/`;
    const s3 = await this.#connect();
    const doing = `list artifacts under ${folder === '' ? 'the prefix of the store' : folder}`;
    yield* callingEach(doing, listS3Objects(s3, folder));
    const uploads = listS3Uploads(s3, (key) => key.startsWith(folder));
    for await (const { uploadId: _, ...listed } of callingEach(doing, uploads)) yield listed;
  }

  async probe(): Promise<StoreFindings> {
    return probeS3Bucket(await this.#connect());
  }

  /**
   * Before the first artifact of this process, checks with a small object that the store encrypts as configured.
   * Otherwise a file would be stored in plaintext until the check of its HEAD response.
   */
  async #confirmEncryption(s3: S3Connection, options: WriteOptions): Promise<void> {
    if (this.#location.encryption === undefined) return;
    this.#encryption ??= confirmEncryption(s3, options).catch((error: unknown) => {
      this.#encryption = undefined;
      throw error;
    });
    await this.#encryption;
  }

  /** If the import or the configuration fails, the next call tries again. */
  #connect(): Promise<S3Connection> {
    this.#connection ??= openS3(this.#location, this.#timeouts).catch((error: unknown) => {
      this.#connection = undefined;
      throw error;
    });
    return this.#connection;
  }

  async #head(key: string): Promise<{ bytes: number; etag: string | undefined } | undefined> {
    const found = await calling(`find artifact ${key}`, headObject(await this.#connect(), key));
    return found === undefined ? undefined : { bytes: found.ContentLength ?? 0, etag: found.ETag };
  }

  async #deleteObject(key: string, signal: AbortSignal | undefined): Promise<void> {
    const { client, sdk, location } = await this.#connect();
    const request = { Bucket: location.bucket, Key: location.prefix + key };
    await client.send(new sdk.DeleteObjectCommand(request), optionsOf(signal));
  }

  async #deleteFolder(folder: string, signal: AbortSignal | undefined): Promise<number> {
    const s3 = await this.#connect();
    let deleted = 0;
    // Abort uploads first, and repeat until nothing is found, because an upload may complete during the listing.
    for (let pass = 1; pass <= MAX_PASSES; pass++) {
      let found = await this.#endUploads((key) => key.startsWith(folder), signal);
      for await (const { key } of listS3Objects(s3, folder, signal)) {
        await this.#deleteObject(key, signal);
        found++;
      }
      if (found === 0) return deleted;
      deleted += found;
    }
    throw new ArtifactStoreError('failed', `Cannot empty ${folder}: writers keep adding objects`);
  }

  async #endUploads(wanted: (key: string) => boolean, signal?: AbortSignal): Promise<number> {
    const s3 = await this.#connect();
    let ended = 0;
    for await (const upload of listS3Uploads(s3, wanted, signal)) {
      if (await endUpload(s3, upload, signal)) ended++;
    }
    return ended;
  }
}

async function confirmEncryption(s3: S3Connection, options: WriteOptions): Promise<void> {
  const key = `exhibit-probe-${randomUUID()}/probe`;
  await writeS3Object(s3, key, Readable.from([Buffer.alloc(1)]), options);
  const { client, sdk, location } = s3;
  const request = { Bucket: location.bucket, Key: location.prefix + key };
  await calling('remove a test object', client.send(new sdk.DeleteObjectCommand(request)));
}

/** Aborts an upload and returns whether it still existed. */
async function endUpload(
  { client, sdk, location }: S3Connection,
  { key, uploadId }: UnfinishedUpload,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const request = { Bucket: location.bucket, Key: location.prefix + key, UploadId: uploadId };
  try {
    await client.send(new sdk.AbortMultipartUploadCommand(request), optionsOf(signal));
    return true;
  } catch (error) {
    if (isUnknownUpload(error)) return false;
    throw error;
  }
}

async function* callingEach<Item>(
  doing: string,
  items: AsyncIterable<Item>,
): AsyncGenerator<Item, void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  for (;;) {
    const next = await calling(doing, iterator.next());
    if (next.done === true) return;
    yield next.value;
  }
}
