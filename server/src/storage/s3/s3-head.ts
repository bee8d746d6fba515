import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { S3Connection } from './s3-connection.ts';
import { isMissingKey } from './s3-error.ts';

/**
 * Sends HEAD for an object. A response to HEAD has no body, so a failure does not show whether the object or the bucket
 * is missing, or whether the secret is wrong or a permission is missing. In that case a GET of one byte is sent.
 * @returns undefined if the bucket exists but the object does not
 */
export async function headObject(
  { client, sdk, location }: S3Connection,
  key: string,
): Promise<HeadObjectCommandOutput | undefined> {
  const object = { Bucket: location.bucket, Key: location.prefix + key };
  try {
    return await client.send(new sdk.HeadObjectCommand(object));
  } catch (failure) {
    if (!wasAnswered(failure)) throw failure;
    try {
      const got = await client.send(new sdk.GetObjectCommand({ ...object, Range: 'bytes=0-0' }));
      await got.Body?.transformToByteArray();
    } catch (reason) {
      if (isMissingKey(reason)) return undefined;
      throw wasAnswered(reason) && !isRangeOfEmptyObject(reason) ? reason : failure;
    }
    throw failure;
  }
}

/** Whether the server responded with a status, as opposed to a broken connection. */
function wasAnswered(error: unknown): boolean {
  if (!(error instanceof Error) || !('$metadata' in error)) return false;
  const metadata = error.$metadata;
  return typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata;
}

function isRangeOfEmptyObject(error: unknown): boolean {
  return error instanceof Error && error.name === 'InvalidRange';
}
