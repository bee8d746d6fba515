import { randomUUID } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type { CompletedPart } from '@aws-sdk/client-s3';
import { ArtifactStoreError, type Stored, type WriteOptions } from '../artifact-store.ts';
import { interruptible } from '../interruptible.ts';
import type { S3Connection } from './s3-connection.ts';
import {
  type EncryptionAnswer,
  encryptionHeaders,
  refuseOtherEncryption,
  requireEncryption,
} from './s3-encryption.ts';
import { calling, isDenied, isUnknownUpload, s3Failure } from './s3-error.ts';
import { headObject } from './s3-head.ts';
import { type Part, sendParts } from './s3-parts.ts';

/** Metadata of an object: which write made it. */
const WRITE_ID = 'exhibit-write';

/**
 * ArtifactStore.write for S3: a multipart upload, however small the artifact. So an unfinished one can be seen
 * and deletePrefix can end it, which a single PUT at the end could not.
 */
export async function writeS3Object(
  s3: S3Connection,
  key: string,
  source: AsyncIterable<Uint8Array>,
  options: WriteOptions,
): Promise<Stored> {
  const { signal } = options;
  let stored: Stored | undefined;
  try {
    await pipeline(
      source,
      (chunks) => interruptible(chunks, signal),
      async (chunks) => {
        stored = await new Upload(s3, key, options).run(chunks);
      },
      { signal },
    );
  } catch (error) {
    // An abort after the object was published comes too late to undo it.
    if (stored !== undefined) return stored;
    throw signal.aborted ? signal.reason : error;
  }
  if (stored === undefined) throw new Error('The pipeline ended without a stored object');
  return stored;
}

class Upload {
  readonly #s3: S3Connection;
  readonly #object: { readonly Bucket: string; readonly Key: string };
  readonly #doing: string;
  readonly #key: string;
  readonly #signal: AbortSignal;
  readonly #onLeftover: WriteOptions['onLeftover'];
  readonly #writeId = randomUUID();
  #uploadId: string | undefined;
  #created: EncryptionAnswer = {};

  constructor(s3: S3Connection, key: string, { signal, onLeftover }: WriteOptions) {
    this.#s3 = s3;
    this.#key = key;
    this.#onLeftover = onLeftover;
    this.#object = { Bucket: s3.location.bucket, Key: s3.location.prefix + key };
    this.#doing = `write artifact ${key}`;
    this.#signal = signal;
  }

  async run(chunks: AsyncIterable<Uint8Array>): Promise<Stored> {
    await calling(this.#doing, this.#create());
    try {
      refuseOtherEncryption(this.#doing, this.#s3.location.encryption, this.#created);
      const { bytes, parts } = await sendParts(chunks, (part, stop) =>
        calling(this.#doing, this.#send(part, stop)),
      );
      this.#signal.throwIfAborted();
      await calling(this.#doing, this.#complete(parts, bytes));
      await this.#checkEncryption();
      return { bytes };
    } catch (error) {
      await this.#discardOrReport();
      throw error;
    }
  }

  async #discardOrReport(): Promise<void> {
    try {
      await this.#discard();
    } catch (error) {
      this.#onLeftover?.(s3Failure(`remove the unfinished parts of artifact ${this.#key}`, error));
    }
  }

  /** The object must be as the store's URL asks. Otherwise it is deleted: a success would hide plaintext. */
  async #checkEncryption(): Promise<void> {
    const { encryption } = this.#s3.location;
    if (encryption === undefined) return;
    try {
      requireEncryption(this.#doing, encryption, await headObject(this.#s3, this.#key));
    } catch (error) {
      await this.#deleteOrReport();
      if (!isDenied(error)) throw s3Failure(this.#doing, error);
      const message = `Cannot ${this.#doing}: its encryption cannot be checked, s3:GetObject is missing`;
      const options = {
        cause: error,
        problem: 'permission',
        permissions: ['s3:GetObject'],
      } as const;
      throw new ArtifactStoreError('refused', message, options);
    }
  }

  async #deleteOrReport(): Promise<void> {
    const { client, sdk } = this.#s3;
    try {
      await client.send(new sdk.DeleteObjectCommand(this.#object));
    } catch (error) {
      this.#onLeftover?.(s3Failure(`remove artifact ${this.#key}`, error));
    }
  }

  /** Not abortable: if the answer were not read, its upload would be unknown and could not be ended. */
  async #create(): Promise<void> {
    const { client, sdk, location } = this.#s3;
    const created = await client.send(
      new sdk.CreateMultipartUploadCommand({
        ...this.#object,
        ContentType: 'application/octet-stream',
        ChecksumAlgorithm: 'CRC32',
        Metadata: { [WRITE_ID]: this.#writeId },
        ...encryptionHeaders(location.encryption),
      }),
    );
    if (created.UploadId === undefined) throw new Error('the answer has no upload id');
    this.#uploadId = created.UploadId;
    this.#created = created;
  }

  async #send({ number, body, checksum }: Part, stop: AbortSignal): Promise<CompletedPart> {
    const { client, sdk } = this.#s3;
    const { ETag } = await client.send(
      new sdk.UploadPartCommand({
        ...this.#object,
        UploadId: this.#uploadId,
        PartNumber: number,
        Body: body,
        ContentLength: body.length,
        // The server compares it with what arrived and refuses a part that was damaged on the way.
        ChecksumCRC32: checksum,
      }),
      { abortSignal: AbortSignal.any([this.#signal, stop]) },
    );
    if (ETag === undefined) throw new Error(`the answer to part ${number} has no ETag`);
    return { PartNumber: number, ETag, ChecksumCRC32: checksum };
  }

  /**
   * An answer can be lost after the server did it, and the SDK's retry then finds no upload. Ending the upload
   * settles which it was; the object there tells by its metadata whether this write made it.
   */
  async #complete(parts: CompletedPart[], bytes: number): Promise<void> {
    const { client, sdk } = this.#s3;
    try {
      await client.send(
        new sdk.CompleteMultipartUploadCommand({
          ...this.#object,
          UploadId: this.#uploadId,
          MultipartUpload: { Parts: parts },
          MpuObjectSize: bytes,
        }),
      );
    } catch (error) {
      await this.#discard();
      if (await this.#isPublished()) return;
      throw error;
    }
  }

  async #isPublished(): Promise<boolean> {
    const head = await headObject(this.#s3, this.#key);
    return head?.Metadata?.[WRITE_ID] === this.#writeId;
  }

  async #discard(): Promise<void> {
    const { client, sdk } = this.#s3;
    try {
      await client.send(
        new sdk.AbortMultipartUploadCommand({ ...this.#object, UploadId: this.#uploadId }),
      );
    } catch (error) {
      if (!isUnknownUpload(error)) throw error;
    }
  }
}
