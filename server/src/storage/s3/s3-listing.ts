import { isArtifactKey } from '../artifact-key.ts';
import type { ListedArtifact } from '../artifact-store.ts';
import { optionsOf, type S3Connection } from './s3-connection.ts';

/** An upload that was started and neither completed nor aborted. */
export interface UnfinishedUpload extends ListedArtifact {
  readonly uploadId: string;
}

/** Lists the finished objects in a folder ('' or ending in a slash). */
export async function* listS3Objects(
  { client, sdk, location }: S3Connection,
  folder: string,
  signal?: AbortSignal,
): AsyncGenerator<ListedArtifact, void, undefined> {
  const pages = sdk.paginateListObjectsV2(
    { client },
    { Bucket: location.bucket, Prefix: location.prefix + folder },
    optionsOf(signal),
  );
  for await (const { Contents = [] } of pages) {
    for (const { Key, Size = 0, LastModified = new Date(0) } of Contents) {
      const key = artifactKeyOf(location.prefix, Key);
      if (key !== undefined) yield { key, bytes: Size, modifiedAt: LastModified, partial: false };
    }
  }
}

/**
 * Lists the unfinished uploads for which `wanted` is true. It requests those of the whole bucket and filters them,
 * because MinIO supports a prefix only if it is an exact key (github.com/minio/minio/issues/20989). Their size is
 * reported as 0, because it would need one request per upload.
 */
export async function* listS3Uploads(
  { client, sdk, location }: S3Connection,
  wanted: (key: string) => boolean,
  signal?: AbortSignal,
): AsyncGenerator<UnfinishedUpload, void, undefined> {
  let marker: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (;;) {
    const page = await client.send(
      new sdk.ListMultipartUploadsCommand({ Bucket: location.bucket, ...marker }),
      optionsOf(signal),
    );
    for (const { Key, UploadId, Initiated = new Date(0) } of page.Uploads ?? []) {
      const key = artifactKeyOf(location.prefix, Key);
      if (key === undefined || UploadId === undefined || !wanted(key)) continue;
      yield { key, bytes: 0, modifiedAt: Initiated, partial: true, uploadId: UploadId };
    }
    const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = page;
    if (IsTruncated !== true || NextKeyMarker === undefined) return;
    marker = {
      KeyMarker: NextKeyMarker,
      ...(NextUploadIdMarker === undefined ? {} : { UploadIdMarker: NextUploadIdMarker }),
    };
  }
}

/** undefined for an object that does not belong to the store. */
function artifactKeyOf(prefix: string, objectKey: string | undefined): string | undefined {
  if (objectKey === undefined || !objectKey.startsWith(prefix)) return undefined;
  const key = objectKey.slice(prefix.length);
  return isArtifactKey(key) ? key : undefined;
}
