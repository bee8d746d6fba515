import type { CreateMultipartUploadCommandInput } from '@aws-sdk/client-s3';
import { ArtifactStoreError } from '../artifact-store.ts';
import type { S3Encryption } from './s3-location.ts';

/** Encryption at rest according to the headers of a response. */
export interface EncryptionAnswer {
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
}

/** The parameters of CreateMultipartUpload. */
export function encryptionHeaders(
  wanted: S3Encryption | undefined,
): Pick<CreateMultipartUploadCommandInput, 'ServerSideEncryption' | 'SSEKMSKeyId'> {
  if (wanted === undefined) return {};
  const { algorithm, kmsKeyId } = wanted;
  return {
    ServerSideEncryption: algorithm,
    ...(kmsKeyId === undefined ? {} : { SSEKMSKeyId: kmsKeyId }),
  };
}

/**
 * Compares the encryption of an object, as reported by the store, with the one that the store's URL requires. A server
 * that does not support the headers ignores them, stores plaintext and reports success.
 * @throws ArtifactStoreError if the object is not encrypted as required
 */
export function requireEncryption(
  doing: string,
  wanted: S3Encryption | undefined,
  answer: EncryptionAnswer | undefined,
): void {
  if (wanted === undefined) return;
  const { ServerSideEncryption: algorithm, SSEKMSKeyId: keyId } = answer ?? {};
  if (algorithm !== wanted.algorithm) {
    throw notAsAsked(
      doing,
      `sse=${wanted.algorithm} is required, but the store reports that the object is ${algorithm === undefined ? 'not encrypted' : `encrypted with ${algorithm}`}`,
    );
  }
  if (wanted.kmsKeyId === undefined || isKey(wanted.kmsKeyId, keyId)) return;
  throw notAsAsked(
    doing,
    `kmsKey=${wanted.kmsKeyId} is required, but the store used ${keyId ?? 'a key that it does not name'}`,
  );
}

/**
 * Rejects the start of an upload only if the response names another algorithm, because some servers report nothing
 * before the object is complete.
 */
export function refuseOtherEncryption(
  doing: string,
  wanted: S3Encryption | undefined,
  answer: EncryptionAnswer,
): void {
  if (answer.ServerSideEncryption !== undefined) requireEncryption(doing, wanted, answer);
}

/** A store reports the ARN of the key, however it was specified. Only KMS can resolve an alias to a key. */
function isKey(wanted: string, answered: string | undefined): boolean {
  if (answered === undefined) return false;
  if (wanted.startsWith('alias/') || wanted.includes(':alias/')) return true;
  const idOf = (name: string) => name.slice(name.lastIndexOf('/') + 1);
  return wanted.startsWith('arn:') && answered.startsWith('arn:')
    ? wanted === answered
    : idOf(wanted) === idOf(answered);
}

function notAsAsked(doing: string, why: string): ArtifactStoreError {
  return new ArtifactStoreError('refused', `Cannot ${doing}: ${why}`, { problem: 'encryption' });
}
