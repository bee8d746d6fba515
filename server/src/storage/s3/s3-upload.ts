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

/** Metadata of an object that identifies the write that created it. */
const WRITE_ID = 'exhibit-write';

/**
 * ArtifactStore.write for S3. It always uses a multipart upload, even for small artifacts, so that unfinished ones are
 * listed and deletePrefix can abort them. A single PUT would be invisible until it completes.
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
    // The object is already published, so a later abort has no effect.
    if (stored !== undefined) return stored;
    throw signal.aborted ? signal.reason : error;
  }
  if (stored === undefined) throw new Error('The pipeline ended without storing an object');
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

  /** Checks that the object is encrypted as the store's URL requires, and deletes it if not. */
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

  /** Ignores the abort signal: without the response, the id of the upload would be unknown and it could not be aborted. */
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
    if (created.UploadId === undefined) throw new Error('the response has no upload ID');
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
        // The server verifies the checksum and rejects a part that was damaged in transit.
        ChecksumCRC32: checksum,
      }),
      { abortSignal: AbortSignal.any([this.#signal, stop]) },
    );
    if (ETag === undefined) throw new Error(`the response for part ${number} has no ETag`);
    return { PartNumber: number, ETag, ChecksumCRC32: checksum };
  }

  /**
   * A response can be lost after the upload was completed; the SDK's retry then finds no upload. Aborting the upload
   * shows which case it is. The metadata of the object shows whether this write created it.
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
