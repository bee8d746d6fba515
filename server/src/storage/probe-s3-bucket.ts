import { randomBytes, randomUUID } from 'node:crypto';
import { ArtifactStoreError, type StoreFindings } from './artifact-store.ts';
import type { S3Connection } from './s3/s3-connection.ts';
import { headObject } from './s3/s3-head.ts';
import { encryptionHeaders, requireEncryption } from './s3/s3-encryption.ts';
import { isDenied, isUnknownUpload, s3Failure } from './s3/s3-error.ts';
import { checksumOf } from './s3/s3-parts.ts';
import { readProtection } from './s3/s3-protection.ts';
import { writeS3Object } from './s3/s3-upload.ts';

const PROBE_TIMEOUT_MS = 10_000;

interface Failed {
  /** The operation that failed, such as `abort an unfinished upload`. */
  readonly what: string;
  /** The policy name of the required permission. */
  readonly action: string;
  readonly error: unknown;
}

/**
 * Tests every operation that the product needs and leaves no objects, even if a permission is missing: it first deletes
 * and aborts objects that do not exist, and creates none if that is not permitted.
 * @returns the consequences of versioning and locks of the bucket
 * @throws ArtifactStoreError that names every missing permission
 */
export async function probeS3Bucket(s3: S3Connection): Promise<StoreFindings> {
  const trial = new Trial(s3, `exhibit-probe-${randomUUID()}`);
  const [deletes, aborts, , , findings] = await Promise.all([
    trial.run('delete an object', 's3:DeleteObject', () => trial.delete('probe')),
    trial.run('abort an unfinished upload', 's3:AbortMultipartUpload', () => trial.abort('none')),
    trial.run('list objects', 's3:ListBucket', () => trial.listObjects()),
    trial.run('list unfinished uploads', 's3:ListBucketMultipartUploads', () =>
      trial.listUploads(),
    ),
    readProtection(s3, trial.options()),
  ]);
  await Promise.all([
    deletes ? trial.writeAndReadBack() : undefined,
    aborts ? trial.startAndAbort() : undefined,
  ]);
  trial.throwFailures();
  return findings;
}

class Trial {
  readonly #s3: S3Connection;
  readonly #folder: string;
  readonly #signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  readonly #failed: Failed[] = [];

  constructor(s3: S3Connection, folder: string) {
    this.#s3 = s3;
    this.#folder = folder;
  }

  options(): { abortSignal: AbortSignal } {
    return { abortSignal: this.#signal };
  }

  /** Returns whether the operation succeeded. A failure is kept for the message. */
  async run(what: string, action: string, operation: () => Promise<unknown>): Promise<boolean> {
    try {
      await operation();
      return true;
    } catch (error) {
      this.#failed.push({ what, action, error });
      return false;
    }
  }

  async delete(name: string): Promise<void> {
    const { client, sdk } = this.#s3;
    await client.send(new sdk.DeleteObjectCommand(this.#object(name)), this.options());
  }

  async abort(uploadId: string): Promise<void> {
    const { client, sdk } = this.#s3;
    const command = new sdk.AbortMultipartUploadCommand({
      ...this.#object('aborted'),
      UploadId: uploadId,
    });
    try {
      await client.send(command, this.options());
    } catch (error) {
      // Servers reject an unknown upload id in different ways. Only a missing permission matters here.
      if (!isUnknownUpload(error) && (uploadId !== 'none' || isDenied(error))) throw error;
    }
  }

  async listObjects(): Promise<void> {
    const { client, sdk, location } = this.#s3;
    const folder = { Bucket: location.bucket, Prefix: location.prefix + this.#folder };
    await client.send(new sdk.ListObjectsV2Command({ ...folder, MaxKeys: 1 }), this.options());
  }

  async listUploads(): Promise<void> {
    const { client, sdk, location } = this.#s3;
    const command = new sdk.ListMultipartUploadsCommand({ Bucket: location.bucket, MaxUploads: 1 });
    await client.send(command, this.options());
  }

  async startAndAbort(): Promise<void> {
    await this.run('write an object', 's3:PutObject', async () => {
      const uploadId = await this.#create('aborted');
      try {
        await this.#sendPart('aborted', uploadId, randomBytes(64));
      } finally {
        await this.run('abort an unfinished upload', 's3:AbortMultipartUpload', () =>
          this.abort(uploadId),
        );
      }
    });
  }

  async writeAndReadBack(): Promise<void> {
    const written = randomBytes(64);
    const key = `${this.#folder}/probe`;
    const stored = await this.run('write an object', 's3:PutObject', () =>
      writeS3Object(this.#s3, key, chunksOf(written), { signal: this.#signal }),
    );
    if (stored) await this.run('read an object', 's3:GetObject', () => this.#readBack(written));
    // Delete even after a failure, because the response may have been lost after the object was stored.
    await this.run('delete an object', 's3:DeleteObject', () => this.delete('probe'));
  }

  throwFailures(): void {
    const [first] = this.#failed;
    if (first === undefined) return;
    const denied = this.#failed.filter(({ error }) => isDenied(error));
    const other = this.#failed.find(({ error }) => !isDenied(error));
    // Any other error, such as a missing bucket or a wrong secret, affects every operation in the same way.
    if (other !== undefined) throw s3Failure(doing(other), other.error);
    const missing = new Map(
      denied.map(({ action, what, error }) => [permissionOf(error) ?? action, what]),
    );
    const list = [...missing].map(([action, what]) => `${action} (to ${what})`).join(', ');
    const { message } = s3Failure(doing(first), first.error);
    throw new ArtifactStoreError(
      'refused',
      `The artifact store lacks ${missing.size === 1 ? 'a permission' : 'permissions'} that exports need: ${list}. ${message}`,
      { cause: first.error, problem: 'permission', permissions: [...missing.keys()] },
    );
  }

  async #create(name: string): Promise<string> {
    const { client, sdk, location } = this.#s3;
    const command = new sdk.CreateMultipartUploadCommand({
      ...this.#object(name),
      ChecksumAlgorithm: 'CRC32',
      ...encryptionHeaders(location.encryption),
    });
    const { UploadId } = await client.send(command, this.options());
    if (UploadId === undefined) throw new Error('the response has no upload ID');
    return UploadId;
  }

  async #sendPart(name: string, uploadId: string, body: Buffer): Promise<void> {
    const { client, sdk } = this.#s3;
    const command = new sdk.UploadPartCommand({
      ...this.#object(name),
      UploadId: uploadId,
      PartNumber: 1,
      Body: body,
      ContentLength: body.length,
      ChecksumCRC32: checksumOf(body),
    });
    await client.send(command, this.options());
  }

  async #readBack(written: Buffer): Promise<void> {
    const { client, sdk, location } = this.#s3;
    const object = this.#object('probe');
    const head = await headObject(this.#s3, `${this.#folder}/probe`);
    requireEncryption('use the artifact store', location.encryption, head);
    const range = new sdk.GetObjectCommand({ ...object, Range: `bytes=1-${written.length - 1}` });
    const { Body } = await client.send(range, this.options());
    const read = Buffer.from((await Body?.transformToByteArray()) ?? []);
    if (head?.ContentLength === written.length && read.equals(written.subarray(1))) return;
    throw new ArtifactStoreError(
      'failed',
      'The artifact store returned different bytes than were written',
    );
  }

  #object(name: string): { Bucket: string; Key: string } {
    const { bucket, prefix } = this.#s3.location;
    return { Bucket: bucket, Key: `${prefix}${this.#folder}/${name}` };
  }
}

function doing({ what }: Failed): string {
  return `use the artifact store: cannot ${what}`;
}

function permissionOf(error: unknown): string | undefined {
  return error instanceof ArtifactStoreError ? error.permissions[0] : undefined;
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
