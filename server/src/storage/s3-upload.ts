import { randomUUID } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type { CompletedPart } from '@aws-sdk/client-s3';
import type { Stored } from './artifact-store.ts';
import { interruptible } from './interruptible.ts';
import type { S3Connection } from './s3-connection.ts';
import { calling, isMissing, isUnknownUpload } from './s3-error.ts';
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
  signal: AbortSignal,
): Promise<Stored> {
  let stored: Stored | undefined;
  try {
    await pipeline(
      source,
      (chunks) => interruptible(chunks, signal),
      async (chunks) => {
        stored = await new Upload(s3, key, signal).run(chunks);
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
  readonly #signal: AbortSignal;
  readonly #writeId = randomUUID();
  #uploadId: string | undefined;

  constructor(s3: S3Connection, key: string, signal: AbortSignal) {
    this.#s3 = s3;
    this.#object = { Bucket: s3.location.bucket, Key: s3.location.prefix + key };
    this.#doing = `write artifact ${key}`;
    this.#signal = signal;
  }

  async run(chunks: AsyncIterable<Uint8Array>): Promise<Stored> {
    await calling(this.#doing, this.#create());
    try {
      const { bytes, parts } = await sendParts(chunks, (part, stop) =>
        calling(this.#doing, this.#send(part, stop)),
      );
      this.#signal.throwIfAborted();
      await calling(this.#doing, this.#complete(parts, bytes));
      return { bytes };
    } catch (error) {
      await this.#discard().catch(() => undefined);
      throw error;
    }
  }

  /** Not abortable: an upload begun by a request whose answer nobody read would be nobody's to end. */
  async #create(): Promise<void> {
    const { client, sdk, location } = this.#s3;
    const { encryption } = location;
    const { UploadId } = await client.send(
      new sdk.CreateMultipartUploadCommand({
        ...this.#object,
        ContentType: 'application/octet-stream',
        ChecksumAlgorithm: 'CRC32',
        Metadata: { [WRITE_ID]: this.#writeId },
        ...(encryption === undefined ? {} : { ServerSideEncryption: encryption.algorithm }),
        ...(encryption?.kmsKeyId === undefined ? {} : { SSEKMSKeyId: encryption.kmsKeyId }),
      }),
    );
    if (UploadId === undefined) throw new Error('the answer has no upload id');
    this.#uploadId = UploadId;
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
    const { client, sdk } = this.#s3;
    try {
      const head = await client.send(new sdk.HeadObjectCommand(this.#object));
      return head.Metadata?.[WRITE_ID] === this.#writeId;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
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
