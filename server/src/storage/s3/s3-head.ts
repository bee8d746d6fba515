import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { S3Connection } from './s3-connection.ts';
import { isMissingKey } from './s3-error.ts';

/**
 * HEAD of an object. The answer to HEAD has no body, so a failed one does not say whether the object or the bucket is
 * missing, nor whether the secret is wrong or a permission is missing. A GET of one byte does.
 * @returns undefined when there is no such object in an existing bucket
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

/** Not a connection that broke: the server answered with a status. */
function wasAnswered(error: unknown): boolean {
  if (!(error instanceof Error) || !('$metadata' in error)) return false;
  const metadata = error.$metadata;
  return typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata;
}

function isRangeOfEmptyObject(error: unknown): boolean {
  return error instanceof Error && error.name === 'InvalidRange';
}
