import type { CreateMultipartUploadCommandInput } from '@aws-sdk/client-s3';
import { ArtifactStoreError } from '../artifact-store.ts';
import type { S3Encryption } from './s3-location.ts';

/** What the headers of an answer say about encryption at rest. */
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
 * Compares how the store says an object is encrypted with what the store's URL asks for. A server that does not know
 * the headers ignores them, stores plaintext and answers success.
 * @throws ArtifactStoreError unless it is encrypted as asked
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
      `sse=${wanted.algorithm} is asked for, but the store answers that the object is ${algorithm === undefined ? 'not encrypted' : `encrypted with ${algorithm}`}`,
    );
  }
  if (wanted.kmsKeyId === undefined || isKey(wanted.kmsKeyId, keyId)) return;
  throw notAsAsked(
    doing,
    `kmsKey=${wanted.kmsKeyId} is asked for, but the store used ${keyId ?? 'a key that it does not name'}`,
  );
}

/**
 * The start of an upload is refused only if its answer names another algorithm: some servers say nothing before the
 * object is complete.
 */
export function refuseOtherEncryption(
  doing: string,
  wanted: S3Encryption | undefined,
  answer: EncryptionAnswer,
): void {
  if (answer.ServerSideEncryption !== undefined) requireEncryption(doing, wanted, answer);
}

/** A store answers with the ARN of the key, whichever way it was named. Which key an alias means only KMS knows. */
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
